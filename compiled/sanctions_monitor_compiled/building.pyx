"""Build the index of names, byte for byte as `monitor.match.names.building` does.

Names of ASCII letters are split, folded and shortened here. The pure functions are asked for the forms of all
others, so that what a name is has one definition.
"""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.unicode cimport PyUnicode_DATA, PyUnicode_DecodeUTF8, PyUnicode_GET_LENGTH
from libc.stdint cimport uint32_t
from libc.string cimport memcmp, memcpy

cdef extern from "words.h":
    enum:
        WORD_MARGIN
    void fill_crc() noexcept
    uint32_t word_crc(const unsigned char *word, Py_ssize_t size) noexcept

cdef extern from "Python.h":
    bint PyUnicode_IS_ASCII(object text)

cdef enum:  # flags of a row
    WEAK = 1
    CUT = 2
    WATCHED = 4
    UPPER = 8

cdef enum:  # what a word is
    DISTINCTIVE = 1
    RARE = 2
    PEOPLE = 4
    SELDOM = 8
    EVERYDAY = 16
    IDEOGRAPH = 32
    LEGAL_FORM = 64
    VESSEL = 128

cdef enum:  # reasons
    FOR_WEAK = 0
    FOR_EVERYDAY = 1
    FOR_ACRONYM = 2
    FOR_SINGLE = 3
    FOR_CUT = 4
    FOR_NAMESAKES = 5
    FOR_COMMON = 6
    FOR_LONG = 7
    FOR_RARE = 8
    FOR_WATCHED = 9
    MOST_WORDS = 64

fill_crc()


cdef class Bytes:
    """Bytes that grow. The first eight are no part of them."""

    cdef unsigned char *all
    cdef Py_ssize_t count, room

    def __cinit__(self):
        self.room, self.count = 1024, 0
        self.all = <unsigned char *>PyMem_Malloc(self.room + WORD_MARGIN)
        if self.all == NULL:
            raise MemoryError
        self.all += WORD_MARGIN

    def __dealloc__(self):
        if self.all != NULL:
            PyMem_Free(self.all - WORD_MARGIN)

    cdef unsigned char *more(self, Py_ssize_t size) except NULL:
        """Return the place of as many bytes behind the others, which are not yet counted."""
        cdef unsigned char *grown
        if self.count + size > self.room:
            grown = <unsigned char *>PyMem_Realloc(self.all - WORD_MARGIN, 2 * (self.count + size) + WORD_MARGIN)
            if grown == NULL:
                raise MemoryError
            self.all, self.room = grown + WORD_MARGIN, 2 * (self.count + size)
        return self.all + self.count

    cdef int add(self, bytes data) except -1:
        memcpy(self.more(PyBytes_GET_SIZE(data)), PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data))
        self.count += PyBytes_GET_SIZE(data)
        return 0

    cdef inline int put(self, unsigned char byte) except -1:
        self.more(1)[0] = byte
        self.count += 1
        return 0

    cdef bytes made(self):
        return PyBytes_FromStringAndSize(<char *>self.all, self.count)


cdef class Numbers:
    """Numbers of 32 bits that grow."""

    cdef uint32_t *all
    cdef Py_ssize_t count, room

    def __cinit__(self, Py_ssize_t zeros=0):
        self.count, self.room = zeros, zeros + 16
        self.all = <uint32_t *>PyMem_Calloc(self.room, sizeof(uint32_t))
        if self.all == NULL:
            raise MemoryError

    def __dealloc__(self):
        PyMem_Free(self.all)

    cdef inline int put(self, Py_ssize_t number) except -1:
        cdef uint32_t *grown
        if self.count == self.room:
            grown = <uint32_t *>PyMem_Realloc(self.all, 2 * self.room * sizeof(uint32_t))
            if grown == NULL:
                raise MemoryError
            self.all, self.room = grown, 2 * self.room
        if number > 0xFFFFFFFF:
            raise OverflowError("more names than an index can hold")
        self.all[self.count] = number
        self.count += 1
        return 0

    cdef bytes made(self):
        return PyBytes_FromStringAndSize(<char *>self.all, self.count * sizeof(uint32_t))


cdef class Vocabulary:
    """Every word of the names once, with its number in the order of adding."""

    cdef Bytes words, kinds
    cdef Numbers ends, checks, slots
    cdef frozenset forms, vessels

    def __cinit__(self, statistics):
        self.words, self.kinds = Bytes(), Bytes()
        self.ends, self.checks, self.slots = Numbers(1), Numbers(1), Numbers(1 << 12)
        self.kinds.put(0)
        self.forms, self.vessels = frozenset(statistics.forms), frozenset(statistics.vessels)

    cdef uint32_t id_of(self, const unsigned char *word, Py_ssize_t size) except 0:
        """Return the number of a word, which stands in a buffer with a margin."""
        cdef uint32_t check = word_crc(word, size), id, begin
        cdef Py_ssize_t mask = self.slots.count - 1, at = check & mask
        while self.slots.all[at]:
            id = self.slots.all[at]
            if self.checks.all[id] == check:
                begin = self.ends.all[id - 1]
                if self.ends.all[id] - begin == size and memcmp(self.words.all + begin, word, size) == 0:
                    return id
            at = (at + 1) & mask
        memcpy(self.words.more(size), word, size)
        self.words.count += size
        self.ends.put(self.words.count)
        self.checks.put(check)
        id = self.ends.count - 1
        spelt = self.spelt(id)
        self.kinds.put((LEGAL_FORM if spelt in self.forms else 0) | (VESSEL if spelt in self.vessels else 0))
        self.slots.all[at] = id
        if 2 * self.ends.count > self.slots.count:
            self.slots = self.filled(2 * self.slots.count)
        return id

    cdef Numbers filled(self, Py_ssize_t size):
        """Return a table of so many slots, filled in the order of the words."""
        cdef Numbers slots = Numbers(size)
        cdef Py_ssize_t mask = size - 1, at
        cdef uint32_t id
        for id in range(1, self.ends.count):
            at = self.checks.all[id] & mask
            while slots.all[at]:
                at = (at + 1) & mask
            slots.all[at] = id
        return slots

    cdef inline Py_ssize_t size_of(self, uint32_t id) noexcept:
        return self.ends.all[id] - self.ends.all[id - 1]

    cdef str spelt(self, uint32_t id):
        return PyUnicode_DecodeUTF8(<char *>self.words.all + self.ends.all[id - 1], self.size_of(id), "strict")


cdef class Rows:
    """Every form of every name as numbers of words, with its owner and flags."""

    cdef Vocabulary vocabulary
    cdef Numbers ids, begins, owners
    cdef Bytes flags, buffer
    cdef object statistics, name_forms, person, vessel, weak
    cdef tuple patronymics
    cdef Py_ssize_t longest

    def __cinit__(self, statistics, pure):
        self.vocabulary = Vocabulary(statistics)
        self.ids, self.begins, self.owners = Numbers(), Numbers(1), Numbers()
        self.flags, self.buffer = Bytes(), Bytes()
        self.statistics, self.name_forms = statistics, pure.name_forms
        self.person, self.vessel, self.weak = pure.person, pure.vessel, pure.weak
        self.patronymics = tuple(each.encode() for each in pure.patronymics if each.isascii())
        self.longest = min(pure.longest, MOST_WORDS)

    cdef int add(self, Py_ssize_t owner, kind, tuple names, int flags) except -1:
        """Add each form of each name of an entity once, with the flags of the first."""
        cdef Py_ssize_t first = self.owners.count
        cdef uint32_t words[MOST_WORDS]
        cdef Py_ssize_t count
        cdef int mine
        cdef str text
        for name in names:
            text = name.text
            mine = flags | (WEAK if name.strength is self.weak else 0)
            count = self.read(text, words, &mine)
            if count < 0:
                mine |= UPPER if text.isupper() else 0
                self.add_forms(first, owner, mine, self.name_forms(text, kind, self.statistics))
            elif count:
                self.add_form(first, owner, mine, words, count)
                self.add_bare(first, owner, mine, words, count, kind)
        return 0

    cdef Py_ssize_t read(self, str text, uint32_t *words, int *flags) except -2:
        """Fill in the words of a name, and whether it is in capitals; return -1 if it is not plain."""
        cdef Py_ssize_t length = PyUnicode_GET_LENGTH(text), at, size = 0, count = 0
        cdef const unsigned char *data = <const unsigned char *>PyUnicode_DATA(text)
        cdef unsigned char *folded
        cdef unsigned char code
        cdef bint upper = False, lower = False
        if not PyUnicode_IS_ASCII(text):
            return -1
        for at in range(length):
            if data[at] == c"'" or data[at] == c"`":
                return -1
            count += at == 0 or not is_plain(data[at - 1]) if is_plain(data[at]) else 0
        if count > self.longest:
            return -1
        folded = self.buffer.more(length)
        count = 0
        for at in range(length + 1):
            code = data[at] if at < length else 0
            if is_plain(code):
                upper |= c"A" <= code <= c"Z"
                lower |= c"a" <= code <= c"z"
                folded[size] = code | 32 if code > c"9" else code
                size += 1
            elif size:
                words[count] = self.vocabulary.id_of(folded, size)
                count += 1
                size = 0
        if upper and not lower:
            flags[0] |= UPPER
        return count

    cdef int add_forms(self, Py_ssize_t first, Py_ssize_t owner, int flags, forms) except -1:
        cdef uint32_t words[MOST_WORDS]
        cdef Py_ssize_t count, size
        cdef bytes data
        cdef unsigned char *place
        for form, cut in forms:
            count = 0
            for word in form:
                if count == MOST_WORDS:
                    raise ValueError("a form of more words than there is room for")
                data = word.encode("utf-8", "replace")
                size = PyBytes_GET_SIZE(data)
                place = self.buffer.more(size)
                memcpy(place, PyBytes_AS_STRING(data), size)
                words[count] = self.vocabulary.id_of(place, size)
                count += 1
            self.add_form(first, owner, flags | (CUT if cut else 0), words, count)
        return 0

    cdef int add_form(
        self, Py_ssize_t first, Py_ssize_t owner, int flags, const uint32_t *words, Py_ssize_t count
    ) except -1:
        """Add a form unless its entity has it already."""
        cdef Py_ssize_t row, at
        cdef uint32_t begin
        for row in range(first, self.owners.count):
            begin = self.begins.all[row]
            if self.begins.all[row + 1] - begin == count:
                if memcmp(self.ids.all + begin, words, count * sizeof(uint32_t)) == 0:
                    return 0
        for at in range(count):
            self.ids.put(words[at])
        self.begins.put(self.ids.count)
        self.owners.put(owner)
        self.flags.put(flags)
        return 0

    cdef int add_bare(
        self, Py_ssize_t first, Py_ssize_t owner, int flags, uint32_t *words, Py_ssize_t count, kind
    ) except -1:
        """Add a firm without its legal form, a ship without its "MV", a person without the patronymic."""
        cdef unsigned char *kinds = self.vocabulary.kinds.all
        cdef Py_ssize_t begin = 0, end = count
        if kind is self.person:
            if count != 3 or not (self.is_patronymic(words[1]) or self.is_patronymic(words[2])):
                return 0
            if self.is_patronymic(words[1]):
                words[1] = words[2]
            return self.add_form(first, owner, flags, words, 2)
        if kind is self.vessel:
            if count > 1 and kinds[words[0]] & VESSEL:
                self.add_form(first, owner, flags, words + 1, count - 1)
            return 0
        while end > begin and kinds[words[end - 1]] & LEGAL_FORM:
            end -= 1
        while begin < end and kinds[words[begin]] & LEGAL_FORM:
            begin += 1
        if end - begin > 1 or (end - begin == 1 and self.vocabulary.size_of(words[begin]) > 3):
            self.add_form(first, owner, flags, words + begin, end - begin)
        return 0

    cdef bint is_patronymic(self, uint32_t id) except -1:
        cdef Py_ssize_t size = self.vocabulary.size_of(id), more
        cdef bytes ending
        for ending in self.patronymics:
            more = PyBytes_GET_SIZE(ending)
            if size >= more + 2:
                if memcmp(self.vocabulary.words.all + self.vocabulary.ends.all[id] - more, PyBytes_AS_STRING(ending), more) == 0:
                    return True
        return False

    cdef Numbers ordered(self):
        """Return the numbers of the rows in the order of their words, a shorter form first."""
        cdef Py_ssize_t words = self.vocabulary.ends.count, rows = self.owners.count, row, word
        cdef Numbers counts = Numbers(words + 1), order = Numbers(rows), scratch = Numbers(rows), ends
        for row in range(rows):
            counts.all[self.ids.all[self.begins.all[row]] + 1] += 1
        for word in range(words):
            counts.all[word + 1] += counts.all[word]
        ends = Numbers(words)
        memcpy(ends.all, counts.all, words * sizeof(uint32_t))
        for row in range(rows):
            word = self.ids.all[self.begins.all[row]]
            order.all[ends.all[word]] = row
            ends.all[word] += 1
        for word in range(words):
            sort(self, order.all, scratch.all, counts.all[word], counts.all[word + 1])
        return order


cdef inline bint is_plain(unsigned char code) noexcept:
    return c"a" <= code | 32 <= c"z" or c"0" <= code <= c"9"


cdef int compare(Rows rows, uint32_t one, uint32_t other) noexcept:
    """Compare two rows by their words; equal ones keep the order of adding."""
    cdef uint32_t begin = rows.begins.all[one], second = rows.begins.all[other]
    cdef Py_ssize_t size = rows.begins.all[one + 1] - begin, more = rows.begins.all[other + 1] - second, at
    for at in range(min(size, more)):
        if rows.ids.all[begin + at] != rows.ids.all[second + at]:
            return -1 if rows.ids.all[begin + at] < rows.ids.all[second + at] else 1
    return -1 if size < more else 1 if size > more else 0


cdef void sort(Rows rows, uint32_t *order, uint32_t *scratch, Py_ssize_t low, Py_ssize_t high) noexcept:
    """Sort a part of the rows by merging."""
    cdef Py_ssize_t middle = (low + high) // 2, one = low, other = middle, at
    if high - low < 2:
        return
    sort(rows, order, scratch, low, middle)
    sort(rows, order, scratch, middle, high)
    if compare(rows, order[middle - 1], order[middle]) <= 0:
        return
    for at in range(low, high):
        if other == high or (one < middle and compare(rows, order[one], order[other]) <= 0):
            scratch[at] = order[one]
            one += 1
        else:
            scratch[at] = order[other]
            other += 1
    memcpy(order + low, scratch + low, (high - low) * sizeof(uint32_t))


cdef class Trie:
    """The forms in sorted order, as nodes of each depth: the word, the first child, the name."""

    cdef list labels, firsts, names
    cdef uint32_t *last
    cdef Py_ssize_t size

    def __cinit__(self):
        self.labels, self.firsts, self.names = [], [], []
        self.last, self.size = NULL, 0
        self.deepen()
        self.deepen()

    cdef int deepen(self) except -1:
        for each in (self.labels, self.firsts, self.names):
            each.append(Numbers())
        return 0

    cdef int add(self, uint32_t *words, Py_ssize_t size, Py_ssize_t name) except -1:
        cdef Py_ssize_t depth = 0
        while depth < self.size and words[depth] == self.last[depth]:
            depth += 1
        for depth in range(depth, size):
            if len(self.labels) == depth + 1:
                self.deepen()
            (<Numbers>self.labels[depth]).put(words[depth])
            (<Numbers>self.firsts[depth]).put((<Numbers>self.labels[depth + 1]).count)
            (<Numbers>self.names[depth]).put(name if depth == size - 1 else 0)
        self.last, self.size = words, size
        return 0

    cdef dict sections(self, Py_ssize_t words):
        """Return the arrays of the trie; node 0 is the root, followed by the nodes of the first level."""
        cdef Numbers labels = Numbers(1), names = Numbers(1), firsts = Numbers(), roots = Numbers(words), level
        cdef Py_ssize_t begin = 1, at, depth
        firsts.put(1)
        for depth in range(len(self.labels)):
            level = self.labels[depth]
            begin += level.count
            for at in range(level.count):
                labels.put(level.all[at])
                names.put((<Numbers>self.names[depth]).all[at])
                firsts.put(begin + (<Numbers>self.firsts[depth]).all[at])
        firsts.put(begin)
        level = self.labels[0]
        for at in range(level.count):
            roots.all[level.all[at]] = at + 1
        return {"labels": labels.made(), "names": names.made(), "firsts": firsts.made(), "roots": roots.made()}


def build(entities, statistics, pure):
    """Return the sections of an index of all names of these entities."""
    cdef Rows rows = Rows(statistics, pure)
    cdef Bytes parties = Bytes()
    cdef Numbers party_ends = Numbers(1)
    cdef Py_ssize_t number = 0
    cdef str watch = pure.watch, listed
    for entity in entities:
        listed = entity.list
        names = tuple(entity.names)
        fields = (listed, entity.id, entity.kind, names[0].text, "\x1e".join(entity.countries))
        parties.add("\x1f".join((*fields, "\x1e".join(entity.programmes))).encode("utf-8", "replace"))
        party_ends.put(parties.count)
        rows.add(number, entity.kind, names, WATCHED if listed.startswith(watch) else 0)
        number += 1
    sections = {"parties": parties.made(), "party_ends": party_ends.made()}
    return sections | vocabulary_sections(rows.vocabulary) | named(rows, statistics, pure)


cdef dict vocabulary_sections(Vocabulary vocabulary):
    cdef Py_ssize_t words = vocabulary.ends.count - 1
    return {
        "words": vocabulary.words.made(),
        "word_ends": vocabulary.ends.made(),
        "slots": vocabulary.filled(1 << (2 * <object>words).bit_length()).made(),
    }


cdef dict named(Rows rows, statistics, pure):
    """Return the sections of the sorted names: their reasons and owners, and the trie."""
    cdef Numbers order = rows.ordered(), owners = Numbers(), ends = Numbers(1), begins = groups(rows, order)
    cdef Bytes reasons = Bytes(), mine = Bytes()
    cdef Bytes kinds = word_kinds(rows, order, begins, statistics, pure)
    cdef Numbers lengths = word_lengths(rows.vocabulary)
    cdef Trie trie = Trie()
    cdef Py_ssize_t group, at, size
    cdef uint32_t row
    cdef uint32_t *words
    cdef int best, reason
    reasons.put(0)
    for group in range(begins.count - 1):
        row = order.all[begins.all[group]]
        words = rows.ids.all + rows.begins.all[row]
        size = rows.begins.all[row + 1] - rows.begins.all[row]
        best = mine.count = 0
        for at in range(begins.all[group], begins.all[group + 1]):
            reason = reason_of(words, size, rows.flags.all[order.all[at]], kinds.all, lengths.all)
            best = max(best, reason)
            mine.put(reason)
        for at in range(mine.count):
            if grade(mine.all[at]) == grade(best):
                owners.put(rows.owners.all[order.all[begins.all[group] + at]])
        trie.add(words, size, reasons.count)
        reasons.put(best)
        ends.put(owners.count)
    sections = {"reasons": reasons.made(), "owners": owners.made(), "owner_ends": ends.made()}
    return sections | trie.sections(rows.vocabulary.ends.count)


cdef Numbers groups(Rows rows, Numbers order):
    """Return where in the order each distinct form begins, and the end."""
    cdef Numbers begins = Numbers()
    cdef Py_ssize_t at
    for at in range(order.count):
        if at == 0 or compare(rows, order.all[at - 1], order.all[at]) != 0:
            begins.put(at)
    begins.put(order.count)
    return begins


cdef Numbers word_lengths(Vocabulary vocabulary):
    """Return the number of characters of each word."""
    cdef Numbers lengths = Numbers(vocabulary.ends.count)
    cdef Py_ssize_t id, at
    for id in range(1, vocabulary.ends.count):
        for at in range(vocabulary.ends.all[id - 1], vocabulary.ends.all[id]):
            lengths.all[id] += vocabulary.words.all[at] & 0xC0 != 0x80
    return lengths


cdef Bytes word_kinds(Rows rows, Numbers order, Numbers begins, statistics, pure):
    """Return what each word adds to a name; a word that very many forms contain is one of many people."""
    cdef Numbers counts = Numbers(rows.vocabulary.ends.count)
    cdef Bytes kinds = Bytes()
    cdef Py_ssize_t group, at, id
    cdef uint32_t row
    cdef double least = max(pure.shared, (begins.count - 1) * pure.shared_part)
    for group in range(begins.count - 1):
        row = order.all[begins.all[group]]
        for at in range(rows.begins.all[row], rows.begins.all[row + 1]):
            counts.all[rows.ids.all[at]] += 1
    kinds.put(0)
    known = Known(statistics, pure)
    for id in range(1, rows.vocabulary.ends.count):
        kinds.put(known.kind_of(rows.vocabulary.spelt(id), counts.all[id] > least))
    return kinds


cdef class Known:
    """What is known of words before any list is read."""

    cdef dict classes
    cdef frozenset given, everyday, calendar, empty
    cdef object is_ideograph
    cdef int unknown, common

    def __init__(self, statistics, pure):
        self.classes = dict(statistics.classes)
        self.given, self.everyday = frozenset(statistics.given), frozenset(statistics.everyday)
        self.calendar, self.empty = frozenset(statistics.calendar), statistics.particles | statistics.forms
        self.is_ideograph, self.unknown, self.common = pure.is_ideograph, pure.unknown, pure.common

    cdef int kind_of(self, str word, bint shared) except -1:
        cdef bint ideograph = not word.isascii() and self.is_ideograph(word)
        cdef bint given = word in self.given, people = shared or given, distinctive = ideograph
        cdef int rank = self.classes.get(word, self.unknown)
        if len(word) > 1:
            distinctive = word not in self.empty and not word.isdigit()
        return (
            (DISTINCTIVE if distinctive else 0)
            | (RARE if rank == self.unknown and not people and len(word) > 3 and not ideograph else 0)
            | (PEOPLE if people else 0)
            | (SELDOM if rank > self.common else 0)
            | (EVERYDAY if given or word in self.everyday or word in self.calendar else 0)
            | (IDEOGRAPH if ideograph else 0)
        )


cdef inline int grade(int reason) noexcept:
    return 0 if reason <= FOR_EVERYDAY else 1 if reason <= FOR_COMMON else 2


cdef int reason_of(
    const uint32_t *words, Py_ssize_t size, int flags, const unsigned char *kinds, const uint32_t *lengths
) noexcept:
    """Return the reason for the grade of one form of one entity."""
    cdef int reason
    if flags & WATCHED:
        return FOR_WATCHED
    reason = FOR_WEAK if flags & WEAK else graded(words, size, flags, kinds, lengths)
    return min(reason, <int>FOR_CUT) if flags & CUT else reason


cdef int graded(
    const uint32_t *words, Py_ssize_t size, int flags, const unsigned char *kinds, const uint32_t *lengths
) noexcept:
    cdef Py_ssize_t at, distinctive = 0, length = 0, seldom = 0
    cdef uint32_t first = 0
    cdef int some = 0, every = 0xFF, kind
    for at in range(size):
        kind = kinds[words[at]]
        if kind & DISTINCTIVE:
            first = first or words[at]
            distinctive += 1
            length += lengths[words[at]]
            seldom += kind & SELDOM != 0
            some |= kind
            every &= kind
    if distinctive == 0:
        return FOR_WEAK
    if length < 6 or distinctive == 1:
        if every & IDEOGRAPH:
            return FOR_LONG if distinctive > 4 else FOR_SINGLE if distinctive > 1 else FOR_WEAK
        if lengths[first] < 3 or kinds[first] & EVERYDAY:
            return FOR_EVERYDAY
        return FOR_ACRONYM if flags & UPPER and lengths[first] <= 4 else FOR_SINGLE
    if some & RARE:
        return FOR_RARE
    if every & PEOPLE:
        return FOR_NAMESAKES
    return FOR_LONG if distinctive > 2 and seldom > 1 else FOR_COMMON
