/* A second witness of how far the store goes: the number of the newest record, in a small file beside it.
 *
 * A write-ahead log whose end is cut off or damaged opens as a store that is merely older: SQLite takes it for a batch
 * that a crash interrupted, and nothing in the file can tell. The mark is written after each commit's sync and is never
 * synced itself, so it is behind the store after a power cut, and never before it: a store that ends before its mark has
 * lost what was acknowledged. A mark that is missing or cannot be read says nothing.
 */
#ifndef COORDD_JOURNAL_MARK_H
#define COORDD_JOURNAL_MARK_H

#include <stdbool.h>
#include <stdint.h>

#define MARK_FILE "coordd.mark"
#define MARK_SIZE (16 + 8 + 16)

/* Opens it in the directory, or makes it if it may: a descriptor, or −1, and then there is no mark. */
int mark_open(int directory, bool make);
/* The newest record that was marked in the store of this identity; 0 when nothing is known. */
uint64_t mark_read(int mark, const uint8_t identity[16]);
/* The same in two: what stands in the mark, for who knows only later which store it must be of. */
void mark_take(int mark, uint8_t bytes[MARK_SIZE]);
uint64_t mark_tells(const uint8_t bytes[MARK_SIZE], const uint8_t identity[16]);
/* Failures are none: what was marked before still holds. */
void mark_write(int mark, const uint8_t identity[16], uint64_t seq);
/* For a store that is put in the place of another. */
void mark_remove(int directory);

#endif
