/* See mark.h. The file: identity, record, and a sum over both, in 40 bytes that no disk tears. */
#include "journal/mark.h"

#include <fcntl.h>
#include <sodium/crypto_generichash.h>
#include <string.h>
#include <unistd.h>

static void mark_make(const uint8_t identity[16], uint64_t seq, uint8_t bytes[MARK_SIZE])
{
    memcpy(bytes, identity, 16);
    for (int i = 0; i < 8; i++)
        bytes[16 + i] = (uint8_t)(seq >> (8 * i));
    crypto_generichash(bytes + 24, 16, bytes, 24, NULL, 0);
}

int mark_open(int directory, bool make)
{
    return openat(directory, MARK_FILE, O_RDWR | (make ? O_CREAT : 0) | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* All zeros is the mark of no store: its sum is wrong. */
void mark_take(int mark, uint8_t bytes[MARK_SIZE])
{
    if (mark < 0 || pread(mark, bytes, MARK_SIZE, 0) != MARK_SIZE)
        memset(bytes, 0, MARK_SIZE);
}

uint64_t mark_tells(const uint8_t bytes[MARK_SIZE], const uint8_t identity[16])
{
    uint8_t wanted[MARK_SIZE];
    uint64_t seq = 0;
    for (int i = 0; i < 8; i++)
        seq |= (uint64_t)bytes[16 + i] << (8 * i);
    mark_make(identity, seq, wanted);
    return memcmp(bytes, wanted, sizeof wanted) == 0 ? seq : 0;
}

uint64_t mark_read(int mark, const uint8_t identity[16])
{
    uint8_t bytes[MARK_SIZE];
    mark_take(mark, bytes);
    return mark_tells(bytes, identity);
}

void mark_write(int mark, const uint8_t identity[16], uint64_t seq)
{
    uint8_t bytes[MARK_SIZE];
    mark_make(identity, seq, bytes);
    if (mark >= 0)
        (void)!pwrite(mark, bytes, sizeof bytes, 0);
}

void mark_remove(int directory)
{
    (void)unlinkat(directory, MARK_FILE, 0);
}
