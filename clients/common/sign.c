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

/* What the signature covers. */
static void put_query(const struct link *link, struct buffer *out)
{
    buffer_printf(out, "task=%llu&escalation=%llu&agency=", (unsigned long long)link->task,
                  (unsigned long long)link->escalation);
    plain_put_address(out, link->agency);
    buffer_printf(out, "&person=");
    plain_put_address(out, link->person);
    buffer_printf(out, "&until=%lld", (long long)link->until);
}

void sign_link(const char *secret, const char *web, const struct link *link, struct buffer *out)
{
    char signature[SIGN_TEXT];
    buffer_printf(out, "%s/acknowledge?", web);
    const size_t begin = out->size;
    put_query(link, out);
    sign(secret, out->data + begin, out->size - begin, signature);
    buffer_printf(out, "&signature=%s", signature);
}

bool sign_link_holds(const char *secret, const struct link *link, const char *signature, int64_t now)
{
    char wanted[SIGN_TEXT];
    struct buffer query = {0};
    put_query(link, &query);
    const bool whole = !query.failed && strlen(signature) == SIGN_TEXT - 1;
    if (whole)
        sign(secret, query.data, query.size, wanted);
    buffer_done(&query);
    return whole && sodium_memcmp(wanted, signature, SIGN_TEXT - 1) == 0 && now < link->until;
}
