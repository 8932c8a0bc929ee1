/* The loop's tables: where a key lies is known to nobody outside. */
#include "loop/table.h"

#include <string.h>

#include "unit/test.h"

TEST(where_a_key_lies_follows_from_the_secret_of_the_process)
{
    static const char *const ids[] = {"", "\x01", "router-1", "xa-1/thu-ky", "a routing id of more than sixteen bytes"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const size_t size = strlen(ids[i]);
        unsigned hashes[4];
        for (int secret = 0; secret < 4; secret++) {
            const uint8_t bytes[DIGEST_SECRET_SIZE] = {(uint8_t)secret, 7, (uint8_t)(secret / 2)};
            digest_set_secret(bytes);
            HASH_VALUE(ids[i], size, hashes[secret]);
            for (int other = 0; other < secret; other++)
                assert_int_not_equal(hashes[other], hashes[secret]);
        }
    }
}
