/* The second factor: codes by time, RFC 6238 with the defaults that all telephones know (SHA-1, 6 digits, 30 s). */
#ifndef WEB_TOTP_H
#define WEB_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOTP_STEP_MS     30000
#define TOTP_DIGITS      6
#define TOTP_SECRET_TEXT 64 /* Base32, and the end */

/* HMAC-SHA-1, which libsodium does not have. */
void totp_hmac(const void *key, size_t key_size, const void *bytes, size_t size, unsigned char mac[20]);
uint32_t totp_code(const void *key, size_t key_size, int64_t step);
/* The step of time that a code is of: now, or one before or after, for clocks that differ; -1 when it is none of these. */
int64_t totp_step(const void *key, size_t key_size, const char *code, int64_t now);
void totp_base32(const void *bytes, size_t size, char text[TOTP_SECRET_TEXT]);

#endif
