#include "sign.h"

#include <sodium.h>
#include <string.h>

#include "plain.h"

void sign(const char *secret, const void *bytes, size_t size, char text[SIGN_TEXT])
{
    unsigned char hash[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret, strlen(secret));
    crypto_auth_hmacsha256_update(&state, bytes, size);
    crypto_auth_hmacsha256_final(&state, hash);
    sodium_bin2hex(text, SIGN_TEXT, hash, sizeof hash);
    sodium_memzero(&state, sizeof state);
}

void sign_link(const char *secret, const char *web, const struct link *link, struct buffer *out)
{
    char signature[SIGN_TEXT];
    buffer_printf(out, "%s/acknowledge?", web);
    const size_t begin = out->size;
    buffer_printf(out, "task=%llu&escalation=%llu&agency=", (unsigned long long)link->task,
                  (unsigned long long)link->escalation);
    plain_put_address(out, link->agency);
    buffer_printf(out, "&person=");
    plain_put_address(out, link->person);
    buffer_printf(out, "&until=%lld", (long long)link->until);
    sign(secret, out->data + begin, out->size - begin, signature);
    buffer_printf(out, "&signature=%s", signature);
}
