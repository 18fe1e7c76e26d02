# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""What plain_weights.py does, compiled: the same sums, bit by bit. docs/speed.md has the figures."""

from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc
from cpython.unicode cimport PyUnicode_READ_CHAR
from libc.stdint cimport int32_t, uint32_t, uint64_t

cdef enum:
    FIRST = 0x4E00  # the characters that snownlp segments
    LAST = 0x9FA5
    PACKED = 4  # characters of which a word's key is made, 16 bits each
    LEAVE_OUT = 0
    UNSEEN = 1
    SEEN = 2

cdef uint64_t GOLDEN = 0x9E3779B97F4A7C15

cdef struct Weight:
    uint64_t key  # 0 where there is none
    double negative, positive
    int32_t number, kind


cdef class Weights:
    """Logarithms of words and of pairs of them. Immutable; thread-safe."""

    cdef Weight* words  # those of up to PACKED characters, then the others
    cdef Weight* pairs
    cdef dict others  # word → its place among the words
    cdef uint64_t last_word, last_pair
    cdef double negative, positive  # of a word that isn't known
    cdef bint with_pairs

    def __init__(self, dict logs not None, tuple unseen not None, bint with_pairs=False):
        cdef uint64_t key
        cdef int32_t first, second
        cdef list pairs = [name for name in logs if with_pairs and " " in name]
        cdef list known = list(dict.fromkeys([
            *(word for word in logs if not (with_pairs and " " in word)),
            *(word for pair in pairs for word in pair.split(" ", 1)),
        ]))
        self.with_pairs = with_pairs
        self.negative, self.positive = unseen
        self.others = {}
        self.last_word, self.last_pair = last_slot(len(known)), last_slot(len(pairs))
        long = [word for word in known if not key_of(word)]
        self.words = <Weight*>PyMem_Calloc(self.last_word + 1 + len(long), sizeof(Weight))
        self.pairs = <Weight*>PyMem_Calloc(self.last_pair + 1, sizeof(Weight))
        if not self.words or not self.pairs:
            raise MemoryError
        for place, word in enumerate(long, self.last_word + 1):
            self.others[word] = place
        for number, word in enumerate(known):
            key = key_of(word)
            at = &self.words[slot_of(key, self.words, self.last_word) if key else <uint64_t>self.others[word]]
            at.key, at.number, at.kind = key, number, UNSEEN
            at.negative, at.positive = unseen
            if word in logs:
                pair = logs[word]
                at.kind = LEAVE_OUT if pair is None else SEEN
                at.negative, at.positive = pair or (0.0, 0.0)
        for name in pairs:
            if logs[name] is not None:
                one, other = name.split(" ", 1)
                first, second = self.weight_of(one).number, self.weight_of(other).number
                at = &self.pairs[slot_of(pair_of(first, second), self.pairs, self.last_pair)]
                at.key, (at.negative, at.positive) = pair_of(first, second), logs[name]

    def __dealloc__(self):
        PyMem_Free(self.words)
        PyMem_Free(self.pairs)

    def add_up(self, list words not None, tuple start not None):
        """How many of the words count, and the sums of their two logarithms, as plain_weights.py has it."""
        cdef double negative = start[0], positive = start[1]
        cdef Py_ssize_t count = 0, at, length = len(words)
        cdef Weight* weight
        cdef Weight** found = <Weight**>PyMem_Malloc(length * sizeof(void*) + 1)
        if not found:
            raise MemoryError
        try:
            for at in range(length):
                weight = found[at] = self.weight_of(words[at])
                if not weight or weight.kind == UNSEEN:
                    negative, positive, count = negative + self.negative, positive + self.positive, count + 1
                elif weight.kind == SEEN:
                    negative, positive, count = negative + weight.negative, positive + weight.positive, count + 1
            for at in range(1, length if self.with_pairs else 0):
                if found[at - 1] and found[at] and is_chinese(words[at - 1]) and is_chinese(words[at]):
                    weight = &self.pairs[slot_of(
                        pair_of(found[at - 1].number, found[at].number), self.pairs, self.last_pair
                    )]
                    if weight.key:
                        negative, positive, count = negative + weight.negative, positive + weight.positive, count + 1
            return count, negative, positive
        finally:
            PyMem_Free(found)

    cdef Weight* weight_of(self, str word) except? NULL:
        """What is known of a word, NULL where nothing is."""
        cdef uint64_t key = key_of(word)
        if key:
            at = &self.words[slot_of(key, self.words, self.last_word)]
            return at if at.key else NULL
        place = self.others.get(word)
        return &self.words[<Py_ssize_t>place] if place is not None else NULL


cdef inline uint64_t key_of(str word) noexcept:
    """The characters of a short word as one number; 0 where they make none."""
    cdef uint64_t key = 0
    cdef uint32_t char
    cdef Py_ssize_t at
    if len(word) > PACKED:
        return 0
    for at in range(len(word)):
        char = PyUnicode_READ_CHAR(word, at)
        if not 0 < char <= 0xFFFF:
            return 0
        key = key << 16 | char
    return key


cdef inline uint64_t pair_of(int32_t first, int32_t second) noexcept:
    return <uint64_t>(first + 1) << 32 | <uint64_t>(second + 1)


cdef inline uint64_t slot_of(uint64_t key, const Weight* table, uint64_t last) noexcept:
    """The slot of this key in a table, or the free one for it."""
    cdef uint64_t slot = (key * GOLDEN) >> 40 & last
    while table[slot].key and table[slot].key != key:
        slot = (slot + 1) & last
    return slot


cdef uint64_t last_slot(Py_ssize_t count) noexcept:
    """The last slot of a table for so many keys, of which half or more stay free."""
    cdef uint64_t size = 4
    while size < <uint64_t>(2 * count):
        size *= 2
    return size - 1


cdef inline bint is_chinese(str word) noexcept:
    return len(word) > 0 and FIRST <= PyUnicode_READ_CHAR(word, 0) <= LAST
