/* The server's CURVE keys, each in a file of its own: 40 characters of Z85 and a newline; and contexts of administrators. */
#ifndef COORDD_KEYFILE_H
#define COORDD_KEYFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"

/* Reads the secret, and refuses a file that others may read: nothing of it is left then. */
int keyfile_read_secret(const char *path, char secret[41], struct problem *problem);
/* Makes DIR/server.key and DIR/server.pub, which must not be there. */
int keyfile_make(const char *directory, char public_key[41], struct problem *problem);
/* Where the server's secret is: as the configuration says, or DIR/server.key. */
void keyfile_path(const struct config *config, char *path, size_t size);
/* The server's public key; false when there is no such file, or no key in it. */
bool keyfile_public(const struct config *config, char public_key[41]);
/* Where clients find the broker, as the configuration has it, or one on this machine does: the endpoint of the contexts that are
 * made here. */
void keyfile_endpoint(const struct config *config, char *endpoint, size_t size);
/* Whether the administrator's context that `init` left in the directory, which is there as long as nobody moved it away, looks for the
 * broker elsewhere than it listens by this configuration: of all the endpoints that it names, none is advertised or has the port. `made`
 * gets them. */
bool keyfile_is_elsewhere(const struct config *config, char *made, size_t size);
/* A context file for an agency's key that administers: never over one that is there. */
int keyfile_context(const char *path, const struct config *config, const char *agency, const char *public_key,
                    const char *secret_key, struct problem *problem);
/* Writes a new file whole and syncs it, its name too: never over one that is there. */
int keyfile_write(const char *path, unsigned mode, const char *contents, struct problem *problem);

#endif
