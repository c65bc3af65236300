/* Folded words as bytes: their CRC-32 as `zlib.crc32` gives it, eight bytes at a time, and blocks of eight bytes.

   `word_crc` and `last_block` read up to eight bytes before the word, which must be readable: all buffers of words
   begin with `WORD_MARGIN` bytes that are not used. */

#ifndef SANCTIONS_MONITOR_WORDS_H
#define SANCTIONS_MONITOR_WORDS_H

#include <stdint.h>
#include <string.h>

#define WORD_MARGIN 8
#define SHORT_WORD 256

#if defined(__GNUC__)
#define prefetch(place) __builtin_prefetch(place)
#define lowest_bit(bits) __builtin_ctzll(bits)
#else
#define prefetch(place)
static inline int lowest_bit(uint64_t bits) {
    int at = 0;
    while (!(bits & 1)) { bits >>= 1; at++; }
    return at;
}
#endif

static uint32_t crc_of_byte[8][256];
static uint32_t crc_of_zeros[SHORT_WORD];

static void fill_crc(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) value = (value >> 1) ^ (value & 1 ? 0xEDB88320u : 0);
        crc_of_byte[0][byte] = value;
    }
    for (int place = 1; place < 8; place++)
        for (int byte = 0; byte < 256; byte++) {
            uint32_t before = crc_of_byte[place - 1][byte];
            crc_of_byte[place][byte] = crc_of_byte[0][before & 0xFF] ^ (before >> 8);
        }
    uint32_t value = ~0u;
    for (int size = 0; size < SHORT_WORD; size++) {
        crc_of_zeros[size] = ~value;
        value = crc_of_byte[0][value & 0xFF] ^ (value >> 8);
    }
}

static inline uint64_t block_at(const unsigned char *data) {
    uint64_t block;
    memcpy(&block, data, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    block = __builtin_bswap64(block);
#endif
    return block;
}

static inline uint32_t crc_of_block(uint64_t block) {
    return crc_of_byte[7][block & 0xFF] ^ crc_of_byte[6][block >> 8 & 0xFF] ^ crc_of_byte[5][block >> 16 & 0xFF]
        ^ crc_of_byte[4][block >> 24 & 0xFF] ^ crc_of_byte[3][block >> 32 & 0xFF] ^ crc_of_byte[2][block >> 40 & 0xFF]
        ^ crc_of_byte[1][block >> 48 & 0xFF] ^ crc_of_byte[0][block >> 56];
}

/* The last bytes of a word, eight at most, with zeros before them; without a branch, as all that every word passes. */
static inline uint64_t last_block(const unsigned char *end, Py_ssize_t size) {
    int before = size < 8 ? 64 - 8 * (int)size : 0;
    return block_at(end - 8) >> before << before;
}

/* Bytes of zero before a word do not change a CRC that begins with zero, and the CRC of a word differs from that one by
   the CRC of as many zeros: so all words of one to eight bytes take the same steps. A word is not empty. */
static inline uint32_t word_crc(const unsigned char *word, Py_ssize_t size) {
    const unsigned char *end = word + size;
    Py_ssize_t first = ((size - 1) & 7) + 1;
    uint32_t crc = 0;
    if (size >= SHORT_WORD) {
        for (crc = ~0u; word < end; word++) crc = crc_of_byte[0][(crc ^ *word) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }
    word += first;
    crc = crc_of_block(last_block(word, first));
    for (; word < end; word += 8) crc = crc_of_block(block_at(word) ^ crc);
    return crc ^ crc_of_zeros[size];
}

/* Fold ASCII: a letter or digit in lower case, all else as zero. */
static inline void fold_ascii(const unsigned char *restrict raw, unsigned char *restrict folded, Py_ssize_t size) {
    for (Py_ssize_t at = 0; at < size; at++) {
        unsigned char code = raw[at], low = code | 0x20;
        unsigned char letter = (unsigned char)(low - 'a') < 26 ? low : 0;
        folded[at] = (unsigned char)(code - '0') < 10 ? code : letter;
    }
}

/* The bits of the bytes that are not zero, of 64. */
static inline uint64_t letters_of_block(const unsigned char *folded) {
    uint64_t bits = 0;
    for (int part = 0; part < 8; part++) {
        uint64_t block = block_at(folded + 8 * part);
        uint64_t filled = ((block & 0x7F7F7F7F7F7F7F7Full) + 0x7F7F7F7F7F7F7F7Full) | block;
        bits |= ((filled >> 7 & 0x0101010101010101ull) * 0x0102040810204080ull >> 56) << 8 * part;
    }
    return bits;
}

#endif
