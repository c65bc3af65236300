/* The nodes of an index of names: the children of one stand together, in order of their words. */

#ifndef SANCTIONS_MONITOR_NODES_H
#define SANCTIONS_MONITOR_NODES_H

#include <stddef.h>
#include <stdint.h>

/* Return the node of `word` among the nodes [low, high), or 0, which is no child. */
static inline ptrdiff_t child_of(const uint32_t *labels, ptrdiff_t low, ptrdiff_t high, uint32_t word) {
    ptrdiff_t end = high;
    while (low < end) {
        ptrdiff_t middle = low + (end - low) / 2;
        if (labels[middle] < word) low = middle + 1;
        else end = middle;
    }
    return low < high && labels[low] == word ? low : 0;
}

#endif
