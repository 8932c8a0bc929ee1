/* The hashes that tie the journal together: a record's over the hash before it, so that none can be changed, dropped or
 * inserted unseen; a row's and the head's over themselves, so that damage on the disk is found when they are read.
 */
#ifndef COORDD_JOURNAL_CHAIN_H
#define COORDD_JOURNAL_CHAIN_H

#include <stdint.h>

#include "journal/journal.h"

#define CHAIN_HASH_SIZE 32

struct journal_head;

/* What the first record hangs on: the store's identity, so that records of two stores cannot be mixed. */
void chain_begin(const uint8_t identity[16], uint8_t hash[CHAIN_HASH_SIZE]);
/* BLAKE2b-256 over the hash before, then sequence, task and previous as 64-bit little-endian numbers, then the body.
 * `hash` may be `before`. */
void chain_next(const uint8_t before[CHAIN_HASH_SIZE], const struct journal_record *record,
                uint8_t hash[CHAIN_HASH_SIZE]);

/* The sum of a row; that of all rows together is their sum modulo 2^64, whatever the order. */
uint64_t chain_row_sum(const struct journal_row *row);
/* The sum of what describes the store. */
uint64_t chain_info_sum(const struct journal_info *info);
/* The sum of where the journal ends. */
uint64_t chain_head_sum(const struct journal_head *head);

#endif
