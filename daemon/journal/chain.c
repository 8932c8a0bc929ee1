/* See chain.h. */
#include "journal/chain.h"

#include <sodium/crypto_generichash.h>
#include <string.h>

#include "journal/keeper.h"

static uint8_t *put_number(uint8_t *at, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        at[i] = (uint8_t)(number >> (8 * i));
    return at + 8;
}

void chain_begin(const uint8_t identity[16], uint8_t hash[CHAIN_HASH_SIZE])
{
    crypto_generichash(hash, CHAIN_HASH_SIZE, identity, 16, NULL, 0);
}

void chain_next(const uint8_t before[CHAIN_HASH_SIZE], const struct journal_record *record,
                uint8_t hash[CHAIN_HASH_SIZE])
{
    uint8_t head[CHAIN_HASH_SIZE + 3 * 8];
    crypto_generichash_state state;
    memcpy(head, before, CHAIN_HASH_SIZE);
    put_number(put_number(put_number(head + CHAIN_HASH_SIZE, record->seq), record->task), record->previous);
    crypto_generichash_init(&state, NULL, 0, CHAIN_HASH_SIZE);
    crypto_generichash_update(&state, head, sizeof head);
    crypto_generichash_update(&state, record->body, record->size);
    crypto_generichash_final(&state, hash, CHAIN_HASH_SIZE);
}

static uint64_t short_sum(const uint8_t *head, size_t head_size, const void *body, size_t size)
{
    crypto_generichash_state state;
    uint8_t hash[16];
    uint64_t sum = 0;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, head, head_size);
    crypto_generichash_update(&state, body, size);
    crypto_generichash_final(&state, hash, sizeof hash);
    for (int i = 0; i < 8; i++)
        sum |= (uint64_t)hash[i] << (8 * i);
    return sum;
}

uint64_t chain_row_sum(const struct journal_row *row)
{
    uint8_t head[16];
    put_number(put_number(head, row->key), row->seq);
    return short_sum(head, sizeof head, row->body, row->size);
}

uint64_t chain_info_sum(const struct journal_info *info)
{
    uint8_t head[16];
    put_number(put_number(head, info->rehearsal), (uint64_t)info->rehearse_from_ms);
    return short_sum(head, sizeof head, info->identity, sizeof info->identity);
}

uint64_t chain_head_sum(const struct journal_head *head)
{
    uint8_t numbers[24];
    put_number(put_number(put_number(numbers, head->seq), head->checkpoint), head->row_sum);
    return short_sum(numbers, sizeof numbers, head->hash, CHAIN_HASH_SIZE);
}
