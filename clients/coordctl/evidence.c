#include "evidence.h"

#include <errno.h>
#include <sodium/crypto_hash_sha256.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int hash_file(const char *path, uint8_t hash[crypto_hash_sha256_BYTES], uint64_t *bytes_read)
{
    crypto_hash_sha256_state state;
    unsigned char bytes[65536];
    size_t size;
    FILE *file = fopen(path, "re");
    if (!file)
        return -1;
    crypto_hash_sha256_init(&state);
    *bytes_read = 0;
    while ((size = fread(bytes, 1, sizeof bytes, file)) > 0) {
        crypto_hash_sha256_update(&state, bytes, size);
        *bytes_read += size;
    }
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

static int fill_one(struct msg_evidence_file *piece, const char *path, struct arena *arena, struct problem *problem)
{
    uint64_t size;
    uint8_t hash[crypto_hash_sha256_BYTES];
    const char *slash = strrchr(path, '/');
    struct stat stat_of;
    if (is_url(path)) {
        MSG_SET(piece, evidence_file, name, text_of(path));
        return 0;
    }
    if (stat(path, &stat_of) != 0)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "evidence", "%.180s: %s; give a file, or a URL", path,
                           strerror(errno));
    if (!S_ISREG(stat_of.st_mode))
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "evidence",
                           "%.180s is no regular file; give a file, or a URL", path);
    if (hash_file(path, hash, &size) != 0)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "evidence", "%.180s: %s", path, strerror(errno));
    MSG_SET(piece, evidence_file, name, text_of(slash ? slash + 1 : path));
    MSG_SET(piece, evidence_file, size, size);
    MSG_SET(piece, evidence_file, sha256, arena_copy(arena, (struct text){(const char *)hash, sizeof hash}));
    return 0;
}

int evidence_fill(struct msg_progress *progress, const struct arguments *arguments, struct arena *arena,
                  struct problem *problem)
{
    const uint64_t max = message_progress.fields[MSG_FIELD(progress, evidence_files)].max;
    struct msg_evidence_file *pieces = arena_alloc(arena, max * sizeof(*pieces));
    uint32_t count = 0;
    if (!pieces)
        return problem_set(problem, COORD_E_NO_MEMORY, "", "out of memory");
    for (size_t i = 0; i < arguments->given_count; i++) {
        if (strcmp(arguments->given[i].option->name, "evidence") != 0)
            continue;
        if (count == max)
            return problem_set(problem, COORD_E_BAD_ARGUMENT, "evidence",
                               "more than %u pieces; put the rest into one file", (unsigned)max);
        if (fill_one(&pieces[count++], arguments->given[i].value, arena, problem))
            return problem->error;
    }
    if (count == 0)
        return 0;
    MSG_SET(progress, progress, evidence_files, ((struct msg_evidence_file_items){pieces, count}));
    MSG_SET(progress, progress, evidence, pieces[0].name);
    if (MSG_HAS(&pieces[0], evidence_file, sha256))
        MSG_SET(progress, progress, evidence_sha256, pieces[0].sha256);
    return 0;
}
