#include "evidence.h"

#include <errno.h>
#include <sodium/crypto_hash_sha256.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int hash_file(const char *path, uint8_t hash[crypto_hash_sha256_BYTES])
{
    crypto_hash_sha256_state state;
    unsigned char bytes[65536];
    size_t size;
    FILE *file = fopen(path, "re");
    if (!file)
        return -1;
    crypto_hash_sha256_init(&state);
    while ((size = fread(bytes, 1, sizeof bytes, file)) > 0)
        crypto_hash_sha256_update(&state, bytes, size);
    const int failed = ferror(file);
    fclose(file);
    crypto_hash_sha256_final(&state, hash);
    return failed;
}

/* Where the proof is when it is no file here: SCHEME://… (RFC 3986). */
static bool is_url(const char *path)
{
    const size_t scheme = strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    return scheme > 0 && strncmp(path + scheme, "://", 3) == 0 && path[scheme + 3];
}

int evidence_fill(struct msg_progress *progress, const char *path, struct arena *arena, struct problem *problem)
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    const char *slash = strrchr(path, '/');
    struct stat stat_of;
    if (is_url(path)) {
        MSG_SET(progress, progress, evidence, text_of(path));
        return 0;
    }
    if (stat(path, &stat_of) != 0)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "evidence", "%.180s: %s; give a file, or a URL", path,
                           strerror(errno));
    if (!S_ISREG(stat_of.st_mode))
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "evidence",
                           "%.180s is no regular file; give a file, or a URL", path);
    if (hash_file(path, hash) != 0)
        return problem_set(problem, COORD_E_SYSTEM, "evidence", "%.180s: %s", path, strerror(errno));
    MSG_SET(progress, progress, evidence, text_of(slash ? slash + 1 : path));
    MSG_SET(progress, progress, evidence_sha256, arena_copy(arena, (struct text){(const char *)hash, sizeof hash}));
    return 0;
}
