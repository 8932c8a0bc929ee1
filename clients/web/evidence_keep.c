/* Which pieces of evidence stay: those that a change names. */
#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "alloc.h"
#include "evidence.h"
#include "request.h"

/* ---- named ---- */

static bool read_sha256(const json_t *value, char sha256[TOKEN_TEXT])
{
    const char *text = json_string_value(value);
    if (!text || strlen(text) != TOKEN_TEXT - 1 || strspn(text, "0123456789abcdefABCDEF") != TOKEN_TEXT - 1)
        return false;
    for (size_t i = 0; i < TOKEN_TEXT; i++)
        sha256[i] = (char)(text[i] >= 'A' && text[i] <= 'F' ? text[i] + ('a' - 'A') : text[i]);
    return true;
}

static bool claim(struct web *web, const json_t *value, struct claims *claims)
{
    char *sha256 = claims->sha256[claims->count];
    bool waits = false;
    if (claims->count == EVIDENCE_CLAIMS || !read_sha256(value, sha256))
        return true; /* the broker refuses what it would not take */
    const bool done = store_piece_claim(web->store, sha256, &waits);
    claims->count += waits;
    return done;
}

void evidence_drop(struct web *web, const struct claims *claims)
{
    for (unsigned i = 0; i < claims->count; i++)
        store_piece_leave(web->store, claims->sha256[i]);
}

bool evidence_claim(struct web *web, const json_t *object, struct claims *claims)
{
    const json_t *files = json_object_get(object, "evidence_files"), *file;
    size_t i;
    claims->count = 0;
    bool done = claim(web, json_object_get(object, "evidence_sha256"), claims);
    json_array_foreach(files, i, file) done = done && claim(web, json_object_get(file, "sha256"), claims);
    if (!done)
        evidence_drop(web, claims);
    return done;
}

/* What the broker has answered for certain; the rest may have been done. */
static bool was_refused(int error)
{
    return error < 0 && error > COORD_E_STORAGE_FULL;
}

void evidence_settle(struct web *web, const struct claims *claims, int error)
{
    if (was_refused(error))
        evidence_drop(web, claims);
    for (unsigned i = 0; !error && i < claims->count; i++)
        store_piece_named(web->store, claims->sha256[i]);
}

void evidence_note(struct web *web, const struct msg_record *record)
{
    char sha256[TOKEN_TEXT];
    for (uint32_t i = 0; i < record->evidence_files.count; i++) {
        const struct text *bytes = &record->evidence_files.items[i].sha256;
        if (bytes->size != (TOKEN_TEXT - 1) / 2)
            continue;
        sodium_bin2hex(sha256, sizeof sha256, (const unsigned char *)bytes->data, bytes->size);
        store_piece_named(web->store, sha256);
    }
}

/* ---- gone ---- */

/* A file that was being sent when the server ended: nobody waits for it. */
static void remove_begun(const struct web *web)
{
    char path[4200];
    snprintf(path, sizeof path, "%s/evidence", web->dir);
    DIR *directory = opendir(path);
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        if (strncmp(entry->d_name, EVIDENCE_NEW, strlen(EVIDENCE_NEW)) == 0)
            (void)unlinkat(dirfd(directory), entry->d_name, 0);
    if (directory)
        closedir(directory);
}

void evidence_begin(struct web *web)
{
    remove_begun(web);
    web->evidence_bytes = store_piece_bytes(web->store);
}

/* The file before what is known of it: an end in between leaves what the next try removes. */
void evidence_step(struct web *web)
{
    char sha256[TOKEN_TEXT], path[4200];
    struct piece piece;
    for (unsigned i = 0; i < EVIDENCE_SWEEP && store_piece_unnamed(web->store, web->now - EVIDENCE_WAITS_MS, sha256);
         i++) {
        evidence_path(web, sha256, path, sizeof path);
        if (unlink(path) != 0 && errno != ENOENT) {
            fprintf(stderr, "coord-web: %s, which no task names: %s\n", path, strerror(errno));
            return;
        }
        const bool is_known = store_piece_get(web->store, sha256, &piece);
        if (!store_piece_remove(web->store, sha256))
            return;
        web->evidence_bytes -= is_known ? piece.size : 0;
    }
}
