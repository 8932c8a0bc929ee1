#include "evidence.h"

#include <errno.h>
#include <sodium/crypto_hash_sha256.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "spelling.h"

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

/* ---- URLs ---- */

/* What most proof is behind. Any other scheme is taken as well, unless it is nearly one of these: ttp://, htps://. */
static const char *const schemes[] = {"http", "https"};
#define SCHEMES (sizeof schemes / sizeof *schemes)

/* How long the scheme is when the proof is no file here: SCHEME://… (RFC 3986); 0 when it is one. */
static size_t scheme_size(const char *path)
{
    const size_t size = strspn(path, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    return size > 0 && strncmp(path + size, "://", 3) == 0 && path[size + 3] ? size : 0;
}

static int check_scheme(const char *url, size_t size, struct problem *problem)
{
    const struct text scheme = {url, (uint32_t)size};
    const char *meant = NULL;
    uint32_t best = 3; /* beyond two letters it is another word */
    for (size_t i = 0; i < SCHEMES; i++) {
        const uint32_t distance = spelling_distance(scheme, text_of(schemes[i]));
        if (strlen(schemes[i]) == size && strncasecmp(schemes[i], url, size) == 0)
            return 0;
        if (distance < best && (distance == 1 || url[0] == schemes[i][0])) {
            best = distance;
            meant = schemes[i];
        }
    }
    if (!meant)
        return 0;
    return problem_set(problem, COORD_E_BAD_ARGUMENT, "evidence", "%.150s: did you mean %s%.150s?", url, meant,
                       url + size);
}

/* ---- pieces ---- */

static int refuse(const char *path, const char *why, struct problem *problem)
{
    return problem_set(problem, COORD_E_BAD_ARGUMENT, "evidence", "%.180s: %s; give a file, or a URL", path, why);
}

static int fill_one(struct msg_evidence_file *piece, const char *path, struct arena *arena, struct problem *problem)
{
    uint64_t size;
    uint8_t hash[crypto_hash_sha256_BYTES];
    const char *slash = strrchr(path, '/');
    const size_t scheme = scheme_size(path);
    struct stat stat_of;
    if (!path[0])
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "evidence", "it is empty; give a file, or a URL");
    if (scheme) {
        MSG_SET(piece, evidence_file, name, text_of(path));
        return check_scheme(path, scheme, problem);
    }
    if (stat(path, &stat_of) != 0)
        return refuse(path, strerror(errno), problem);
    if (!S_ISREG(stat_of.st_mode))
        return refuse(path, S_ISDIR(stat_of.st_mode) ? "it is a directory" : "it is no regular file", problem);
    if (hash_file(path, hash, &size) != 0)
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "evidence", "%.180s: %s", path, strerror(errno));
    if (size == 0)
        return refuse(path, "there is nothing in it, which proves nothing", problem);
    MSG_SET(piece, evidence_file, name, text_of(slash ? slash + 1 : path));
    MSG_SET(piece, evidence_file, size, size);
    MSG_SET(piece, evidence_file, sha256, arena_copy(arena, (struct text){(const char *)hash, sizeof hash}));
    return 0;
}

/* The same bytes, under whatever name, or the same URL: it would look as if there were more proof than there is. */
static int check_new(const struct msg_evidence_file *pieces, uint32_t last, struct problem *problem)
{
    const struct msg_evidence_file *piece = &pieces[last];
    for (uint32_t i = 0; i < last; i++) {
        const bool is_file = MSG_HAS(piece, evidence_file, sha256);
        if (is_file != MSG_HAS(&pieces[i], evidence_file, sha256) ||
            !(is_file ? text_equal(pieces[i].sha256, piece->sha256) : text_equal(pieces[i].name, piece->name)))
            continue;
        if (text_equal(pieces[i].name, piece->name))
            return problem_set(problem, COORD_E_BAD_ARGUMENT, "evidence", "%.*s is given twice; give it once",
                               TEXT_ARGS(piece->name));
        return problem_set(problem, COORD_E_BAD_ARGUMENT, "evidence",
                           "%.*s and %.*s are the same, byte for byte; give it once", TEXT_ARGS(pieces[i].name),
                           TEXT_ARGS(piece->name));
    }
    return 0;
}

int evidence_pieces(struct msg_evidence_file_items *items, uint32_t max, const struct arguments *arguments,
                    struct arena *arena, struct problem *problem)
{
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
        if (fill_one(&pieces[count], arguments->given[i].value, arena, problem) || check_new(pieces, count, problem))
            return problem->error;
        count++;
    }
    *items = (struct msg_evidence_file_items){pieces, count};
    return 0;
}

int evidence_fill(struct msg_progress *progress, const struct arguments *arguments, struct arena *arena,
                  struct problem *problem)
{
    const uint32_t max = (uint32_t)message_progress.fields[MSG_FIELD(progress, evidence_files)].max;
    struct msg_evidence_file_items files;
    if (evidence_pieces(&files, max, arguments, arena, problem))
        return problem->error;
    if (files.count == 0)
        return 0;
    MSG_SET(progress, progress, evidence_files, files);
    MSG_SET(progress, progress, evidence, files.items[0].name);
    if (MSG_HAS(&files.items[0], evidence_file, sha256))
        MSG_SET(progress, progress, evidence_sha256, files.items[0].sha256);
    return 0;
}
