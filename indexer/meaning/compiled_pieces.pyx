# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""What plain_pieces.py does, compiled: the same sums, bit by bit. docs/speed.md has the figures."""

from array import array

from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.unicode cimport PyUnicode_READ_CHAR
from libc.stdint cimport int32_t, uint32_t, uint64_t

cdef enum:
    LONGEST = 3
    BITS = 21  # of a character, one more than its code point, so that a piece is never as a longer one

cdef uint64_t GOLDEN = 0x9E3779B97F4A7C15


cdef class Pieces:
    """A table of pieces with their weights, open to any text. Immutable; thread-safe."""

    cdef const uint64_t[::1] keys
    cdef const int32_t[::1] rows, weights, start
    cdef Py_ssize_t columns, count
    cdef uint64_t mask

    def __init__(self, pieces, weights, start):
        cdef uint64_t[::1] keys
        cdef int32_t[::1] rows
        cdef uint64_t key, slot
        cdef Py_ssize_t row, size = 4
        self.columns, self.count = len(start), len(weights)
        while size < 2 * len(pieces):
            size *= 2
        self.mask = size - 1
        keys, rows = array("Q", bytes(8 * size)), array("i", bytes(4 * size))
        for row, piece in enumerate(pieces):
            if not 0 < len(piece) <= LONGEST:
                raise ValueError(f"{piece!r}: a piece has one to {LONGEST} characters")
            key = 0
            for char in reversed(piece):
                key = key << BITS | <uint64_t>(ord(char) + 1)
            slot = slot_of(key, self.mask)
            while keys[slot]:
                slot = (slot + 1) & self.mask
            keys[slot], rows[slot] = key, row
        self.keys, self.rows = keys, rows
        self.weights = array("i", (it for row_of_weights in weights for it in row_of_weights))
        self.start = array("i", start)

    def sums(self, str text not None, list starts not None, also=()):
        """For each stretch of `text`, in order, the sum of each column over what is in it, as plain_pieces.py has it."""
        cdef Py_ssize_t stretches = len(starts), length = len(text), columns = self.columns
        cdef Py_ssize_t stretch = 0, at, end, size, column, row, border
        cdef uint64_t key
        if not stretches:
            return []
        cdef int32_t* totals = <int32_t*>PyMem_Calloc(stretches * columns, sizeof(int32_t))
        cdef int32_t* seen = <int32_t*>PyMem_Calloc(self.count, sizeof(int32_t))
        try:
            if not totals or not seen:
                raise MemoryError
            for at in range(stretches):
                for column in range(columns):
                    totals[at * columns + column] = self.start[column]
            for row, at in also:
                while stretch + 1 < stretches and <Py_ssize_t>starts[stretch + 1] <= at:
                    stretch += 1
                self.add(row, stretch, totals, seen)
            stretch = 0
            border = starts[1] if stretches > 1 else length
            for at in range(length):
                while stretch + 1 < stretches and border <= at:
                    stretch += 1
                    border = starts[stretch + 1] if stretch + 1 < stretches else length
                key, end = 0, at + LONGEST if at + LONGEST < length else length
                for size in range(end - at):
                    key |= <uint64_t>(<uint32_t>PyUnicode_READ_CHAR(text, at + size) + 1) << (BITS * size)
                    row = self.row_of(key)
                    if row >= 0:
                        self.add(row, stretch, totals, seen)
            return [
                [totals[at * columns + column] / 100.0 for column in range(columns)] for at in range(stretches)
            ]
        finally:
            PyMem_Free(totals)
            PyMem_Free(seen)

    def found(self, str text not None, Py_ssize_t column):
        """The weight in `column` of each piece in `text`, with where it begins and ends, as plain_pieces.py has it."""
        cdef Py_ssize_t at, start, size, row
        cdef uint64_t key
        cdef list pieces = []
        for at in range(1, len(text) + 1):
            for size in range(LONGEST if at >= LONGEST else at, 0, -1):
                key = 0
                for start in range(at - 1, at - size - 1, -1):
                    key = key << BITS | <uint64_t>(<uint32_t>PyUnicode_READ_CHAR(text, start) + 1)
                row = self.row_of(key)
                if row >= 0:
                    pieces.append((self.weights[row * self.columns + column], at - size, at))
        return pieces

    cdef inline void add(self, Py_ssize_t row, Py_ssize_t stretch, int32_t* totals, int32_t* seen) noexcept:
        """Add the weights of a row to those of a stretch, once."""
        cdef Py_ssize_t column
        if seen[row] != stretch + 1:
            seen[row] = <int32_t>(stretch + 1)
            for column in range(self.columns):
                totals[stretch * self.columns + column] += self.weights[row * self.columns + column]

    cdef inline Py_ssize_t row_of(self, uint64_t key) noexcept:
        """The row of a piece, -1 where there is none."""
        cdef uint64_t slot = slot_of(key, self.mask)
        while self.keys[slot]:
            if self.keys[slot] == key:
                return self.rows[slot]
            slot = (slot + 1) & self.mask
        return -1


cdef inline uint64_t slot_of(uint64_t key, uint64_t mask) noexcept:
    return (key * GOLDEN) >> 40 & mask
