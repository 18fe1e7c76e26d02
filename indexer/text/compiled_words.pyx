# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""What plain_words.py does, compiled: the same words in the same order. docs/speed.md has the figures."""

from cpython.mem cimport PyMem_Calloc, PyMem_Free
from cpython.unicode cimport PyUnicode_READ_CHAR
from libc.stdint cimport int32_t, uint32_t, uint64_t

cdef enum:
    BITS = 21  # of a character, one more than its code point, so that no way is 0
    ROOT = 0

cdef uint64_t GOLDEN = 0x9E3779B97F4A7C15

cdef struct Way:
    uint64_t key  # the node that it leaves, and by which character; 0 where there is none
    int32_t node  # that it leads to
    int32_t word  # that ends there, -1 for none


cdef class Words:
    """A tree of words as a table of its ways, open to any text. Immutable; thread-safe."""

    cdef Way* ways
    cdef int shift

    def __init__(self, words):
        cdef Py_ssize_t number, size = 4, at
        cdef int32_t nodes = ROOT
        cdef uint64_t key
        cdef Way* way
        cdef str word
        self.shift = 62
        while 2 * size < 3 * branches(words):  # which leaves a third of it free
            size, self.shift = size * 2, self.shift - 1
        self.ways = <Way*>PyMem_Calloc(size, sizeof(Way))
        if not self.ways:
            raise MemoryError
        for number, word in enumerate(words):
            if not word:
                raise ValueError("a word has at least one character")
            node = ROOT
            for at in range(len(word)):
                key = key_of(node, word, at)
                way = self.slot_of(key)
                if not way.key:
                    nodes += 1
                    way.key, way.node, way.word = key, nodes, -1
                node = way.node
            if way.word < 0:
                way.word = number

    def __dealloc__(self):
        PyMem_Free(self.ways)

    def find(self, str text not None):
        """Each place of each word, as plain_words.py has it."""
        cdef Py_ssize_t start, at, length = len(text)
        cdef int32_t node
        cdef Way* way
        cdef list found = []
        for start in range(length):
            node = ROOT
            for at in range(start, length):
                way = self.slot_of(key_of(node, text, at))
                if not way.key:
                    break
                if way.word >= 0:
                    found.append((way.word, start, at + 1))
                node = way.node
        return found

    def leftmost(self, str text not None):
        """The longest words from the left, as plain_words.py has it."""
        cdef Py_ssize_t start = 0, at, end, length = len(text)
        cdef int32_t node, word
        cdef Way* way
        cdef list found = []
        while start < length:
            node, word, end = ROOT, -1, start + 1
            for at in range(start, length):
                way = self.slot_of(key_of(node, text, at))
                if not way.key:
                    break
                if way.word >= 0:
                    word, end = way.word, at + 1
                node = way.node
            if word >= 0:
                found.append((word, start, end))
            start = end
        return found

    cdef inline Way* slot_of(self, uint64_t key) noexcept:
        """The way with this key, or the free place for it."""
        cdef uint64_t slot = (key * GOLDEN) >> self.shift, last = (<uint64_t>1 << (64 - self.shift)) - 1
        while self.ways[slot].key and self.ways[slot].key != key:
            slot = (slot + 1) & last
        return &self.ways[slot]


cdef inline uint64_t key_of(int32_t node, str text, Py_ssize_t at) noexcept:
    return <uint64_t>node << BITS | <uint64_t>(<uint32_t>PyUnicode_READ_CHAR(text, at) + 1)


def branches(words):
    """How many different beginnings the words have."""
    cdef Py_ssize_t count = 0, at
    cdef str before = "", word
    for word in sorted(words):
        at = 0
        while at < len(word) and at < len(before) and PyUnicode_READ_CHAR(word, at) == PyUnicode_READ_CHAR(before, at):
            at += 1
        count += len(word) - at
        before = word
    return count
