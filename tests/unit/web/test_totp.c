/* Codes by time, held against the vectors of RFC 6238 and RFC 2202. */
#include "unit/test.h"

#include <stdio.h>
#include <string.h>

#include "../../../clients/web/totp.h"

static const char key[] = "12345678901234567890";

TEST(codes_are_those_of_the_rfc)
{
    static const struct {
        int64_t seconds;
        uint32_t code;
    } vectors[] = {{59, 287082},       {1111111109, 81804},  {1111111111, 50471},
                   {1234567890, 5924}, {2000000000, 279037}, {INT64_C(20000000000), 353130}};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        assert_int_equal(totp_code(key, 20, vectors[i].seconds / 30), vectors[i].code);
}

TEST(the_hmac_is_that_of_the_rfc_for_long_keys_too)
{
    unsigned char mac[20], aa[80];
    static const unsigned char right[20] = {0xaa, 0x4a, 0xe5, 0xe1, 0x52, 0x72, 0xd0, 0x0e, 0x95, 0x70,
                                            0x56, 0x37, 0xce, 0x8a, 0x3b, 0x55, 0xed, 0x40, 0x21, 0x12};
    memset(aa, 0xaa, sizeof aa);
    const char *text = "Test Using Larger Than Block-Size Key - Hash Key First";
    totp_hmac(aa, sizeof aa, text, strlen(text), mac);
    assert_memory_equal(mac, right, sizeof right);
}

TEST(a_clock_may_be_half_a_minute_off_and_no_more)
{
    const int64_t now = INT64_C(1111111111000);
    char code[8];
    for (int64_t step = -3; step <= 3; step++) {
        snprintf(code, sizeof code, "%06u", (unsigned)totp_code(key, 20, now / 30000 + step));
        assert_int_equal(totp_step(key, 20, code, now), step < -1 || step > 1 ? -1 : now / 30000 + step);
    }
    assert_int_equal(totp_step(key, 20, "", now), -1);
    assert_int_equal(totp_step(key, 20, "50471", now), -1);
}

TEST(a_secret_is_written_as_telephones_read_it)
{
    char text[TOTP_SECRET_TEXT];
    totp_base32(key, 20, text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    totp_base32("foob", 4, text);
    assert_string_equal(text, "MZXW6YQ");
}
