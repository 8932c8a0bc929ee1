/* The server's CURVE keys, each in a file of its own: 40 characters of Z85 and a newline. */
#ifndef COORDD_KEYFILE_H
#define COORDD_KEYFILE_H

#include <stdbool.h>

#include "errors.h"

/* Reads the secret, and refuses a file that others may read. */
int keyfile_read_secret(const char *path, char secret[41], struct problem *problem);
/* Makes DIR/server.key and DIR/server.pub, which must not be there. */
int keyfile_make(const char *directory, char public_key[41], struct problem *problem);
/* The public key of DIR/server.key; false when there is no such file. */
bool keyfile_public(const char *directory, char public_key[41]);
/* Writes a new file whole and syncs it: never over one that is there. */
int keyfile_write(const char *path, unsigned mode, const char *contents, struct problem *problem);

#endif
