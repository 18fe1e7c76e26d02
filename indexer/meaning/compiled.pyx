# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""What plain.py does, compiled: the same words and the same sums, bit by bit. docs/speed.md has the figures."""

from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_READ_CHAR, PyUnicode_Substring
from libc.math cimport INFINITY
from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.string cimport memcpy

cdef enum:
    FIRST = 0x4E00
    LAST = 0x9FA5
    UNKNOWN = 0
    BEFORE = 1
    BEGIN = 0
    MIDDLE = 1
    END = 2
    SINGLE = 3


cdef class Decoder:
    """Cuts texts into words by the tables. Thread-safe."""

    cdef const uint16_t[::1] number, pair_char, triple_char
    cdef const uint32_t[::1] pair_from, triple_from
    cdef const uint8_t[::1] pair_code, triple_code
    cdef const double[::1] single, pair_log, triple_log

    def __init__(self, tables):
        self.number = tables.number
        self.single = tables.single
        self.pair_from = tables.pair_from
        self.pair_char = tables.pair_char
        self.pair_code = tables.pair_code
        self.pair_log = tables.pair_log
        self.triple_from = tables.triple_from
        self.triple_char = tables.triple_char
        self.triple_code = tables.triple_code
        self.triple_log = tables.triple_log

    def segment(self, str text not None):
        """The words of `text`, as snownlp's `seg.seg` gives them."""
        cdef list words = []
        cdef Py_ssize_t start = 0, end, length = len(text)
        while start < length:
            end = start
            while end < length and FIRST <= PyUnicode_READ_CHAR(text, end) <= LAST:
                end += 1
            if end > start:
                self.cut(text, start, end, words)
                start = end
            while end < length and not FIRST <= PyUnicode_READ_CHAR(text, end) <= LAST:
                end += 1
            if end > start:
                words += PyUnicode_Substring(text, start, end).split()
                start = end
        return words

    cdef int cut(self, str text, Py_ssize_t start, Py_ssize_t end, list words) except -1:
        """Append the words of text[start:end], which are Chinese characters."""
        cdef Py_ssize_t length = end - start, at, begin
        cdef uint8_t* ways = <uint8_t*>PyMem_Malloc(length * 17)
        if not ways:
            raise MemoryError
        cdef uint8_t* tags = ways + length * 16
        try:
            self.decode(text, start, length, ways, tags)
            begin = start
            for at in range(length):
                if tags[at] == END:
                    words.append(PyUnicode_Substring(text, begin, start + at + 1))
                    begin = start + at + 1
                elif tags[at] != MIDDLE and begin < start + at:
                    words.append(PyUnicode_Substring(text, begin, start + at))
                    begin = start + at
            if begin < end:
                words.append(PyUnicode_Substring(text, begin, end))
        finally:
            PyMem_Free(ways)
        return 0

    cdef void decode(self, str text, Py_ssize_t start, Py_ssize_t length, uint8_t* ways, uint8_t* tags) noexcept:
        """The likeliest tag of each character: Viterbi over pairs of tags, ties as snownlp breaks them.

        A pair is (tag of the character before) * 4 + tag; for each, `ways` takes the tag before those.
        """
        cdef double scores[16]
        cdef double found[16]
        cdef double logs[64]
        cdef double best, score
        cdef uint8_t way, first_tag, second_tag, third_tag, pair
        cdef Py_ssize_t at, row = self.row_of(BEFORE, BEFORE), next_row
        cdef uint16_t second = BEFORE, third
        cdef uint8_t last = 0  # the last tag that the character before the one before may have
        for pair in range(16):
            scores[pair] = -INFINITY
        scores[0] = 0
        for at in range(length):
            third = self.number[<Py_ssize_t>PyUnicode_READ_CHAR(text, start + at) - FIRST]
            if third == UNKNOWN:  # as snownlp has it: the last way into each pair goes on at no cost
                for second_tag in range(4):
                    for third_tag in range(4):
                        pair = second_tag * 4 + third_tag
                        found[pair] = scores[last * 4 + second_tag]
                        ways[at * 16 + pair] = last
                next_row = -1
            else:
                next_row = self.look_up(row, second, third, logs)
                for second_tag in range(4):
                    for third_tag in range(4):
                        pair = second_tag * 4 + third_tag
                        best, way = scores[second_tag] + logs[pair], 0
                        for first_tag in range(1, 4):
                            score = scores[first_tag * 4 + second_tag] + logs[first_tag * 16 + pair]
                            way = first_tag if score > best else way
                            best = score if score > best else best
                        found[pair] = best
                        ways[at * 16 + pair] = way
            memcpy(scores, found, sizeof(scores))
            last = 0 if at == 0 else 3
            row, second = next_row, third
        best, pair = -INFINITY, 0
        for third_tag in range(4):
            for second_tag in range(4):
                if scores[second_tag * 4 + third_tag] > best:
                    best, pair = scores[second_tag * 4 + third_tag], second_tag * 4 + third_tag
        for at in range(length - 1, -1, -1):
            tags[at] = pair & 3
            pair = ways[at * 16 + pair] * 4 + (pair >> 2)

    cdef Py_ssize_t look_up(self, Py_ssize_t row, uint16_t second, uint16_t third, double* logs) noexcept:
        """Fill `logs` with ln P(third | second, first) by their tags; the row of (second, third), -1 for none.

        `row` is that of (first, second).
        """
        cdef Py_ssize_t found = self.row_of(second, third), at, end
        cdef uint8_t tag
        for tag in range(4):
            memcpy(logs + tag * 4, &self.single[third * 4], 4 * sizeof(double))
        if found >= 0:
            at, end = found, self.pair_from[second + 1]
            while at < end and self.pair_char[at] == third:
                logs[self.pair_code[at]] = self.pair_log[at]
                at += 1
        for tag in range(1, 4):
            memcpy(logs + tag * 16, logs, 16 * sizeof(double))
        if row >= 0:
            end = self.triple_from[row + 1]
            at = lower(&self.triple_char[0], self.triple_from[row], end, third)
            while at < end and self.triple_char[at] == third:
                logs[self.triple_code[at]] = self.triple_log[at]
                at += 1
        return found

    cdef Py_ssize_t row_of(self, uint16_t first, uint16_t second) noexcept:
        """The first row of the pair, -1 where there is none."""
        cdef Py_ssize_t end = self.pair_from[first + 1]
        cdef Py_ssize_t row = lower(&self.pair_char[0], self.pair_from[first], end, second)
        return row if row < end and self.pair_char[row] == second else -1


cdef inline Py_ssize_t lower(const uint16_t* chars, Py_ssize_t low, Py_ssize_t high, uint16_t wanted) noexcept:
    """The first place in chars[low:high], which is sorted, that is not below `wanted`."""
    cdef Py_ssize_t middle
    while low < high:
        middle = (low + high) >> 1
        if chars[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low
