#include "evidence.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc.h"
#include "plain.h"
#include "request.h"

#define MIB 1048576

struct upload {
    struct web *web;
    struct upload *next; /* of those under way */
    char user[USER_NAME_MAX + 1];
    int64_t held; /* bytes that its account keeps here already */
    int fd;       /* -1: it could not be made, and the request is answered */
    char path[4200];
    crypto_hash_sha256_state hash;
    unsigned char head[EVIDENCE_HEAD];
    size_t head_size;
    uint64_t size;
};

/* ---- what it is ---- */

static const struct {
    const char *type, *bytes;
    size_t at, size;
} marks[] = {
    {"application/pdf", "%PDF-", 0, 5},
    {"image/png", "\x89PNG\r\n\x1a\n", 0, 8},
    {"image/jpeg", "\xff\xd8\xff", 0, 3},
    {"image/gif", "GIF8", 0, 4},
    {"image/webp", "WEBP", 8, 4},
    {"image/tiff", "II*\0", 0, 4},
    {"image/tiff", "MM\0*", 0, 4},
    {"application/zip", "PK\x03\x04", 0, 4},                                 /* docx, xlsx and odt too */
    {"application/x-ole-storage", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, 8}, /* doc, xls */
    {"application/x-7z-compressed", "7z\xbc\xaf\x27\x1c", 0, 6},
    {"application/vnd.rar", "Rar!\x1a\x07", 0, 6},
    {"video/mp4", "ftyp", 4, 4},
    {"audio/mpeg", "ID3", 0, 3},
    {"text/rtf", "{\\rtf", 0, 5},
};

static bool is_text(const unsigned char *head, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (head[i] < ' ' && head[i] != '\n' && head[i] != '\r' && head[i] != '\t')
            return false;
    return size > 0;
}

const char *evidence_type(const unsigned char *head, size_t size)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (size >= marks[i].at + marks[i].size && memcmp(head + marks[i].at, marks[i].bytes, marks[i].size) == 0)
            return marks[i].type;
    /* A page or a script is text and no more: it is never shown by a browser from here. */
    return is_text(head, size) ? "text/plain" : "application/octet-stream";
}

void evidence_name(const char *given, char name[EVIDENCE_NAME_MAX + 1])
{
    const char *slash = strrchr(given, '/'), *backslash = strrchr(slash ? slash : given, '\\');
    const char *last = backslash ? backslash + 1 : slash ? slash + 1 : given;
    plain_copy(last, strlen(last), false, name, EVIDENCE_NAME_MAX + 1);
    if (!name[0] || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        snprintf(name, EVIDENCE_NAME_MAX + 1, "file");
}

/* ---- where it is ---- */

void evidence_path(const struct web *web, const char *sha256, char *path, size_t size)
{
    snprintf(path, size, "%s/evidence/%.2s/%s", web->dir, sha256, sha256);
}

/* Names a new file within the directory for good: the file's bytes and its name are on the disk when it returns. */
static bool settle(const struct web *web, struct upload *upload, const char *sha256)
{
    char path[4200], directory[4200];
    evidence_path(web, sha256, path, sizeof path);
    snprintf(directory, sizeof directory, "%s", path);
    *strrchr(directory, '/') = '\0';
    if (fsync(upload->fd) != 0 || (mkdir(directory, 0700) != 0 && errno != EEXIST) || rename(upload->path, path) != 0)
        return false;
    upload->path[0] = '\0';
    const int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced;
}

void upload_free(struct upload *upload)
{
    if (!upload)
        return;
    if (upload->fd >= 0)
        close(upload->fd);
    if (upload->path[0])
        unlink(upload->path);
    for (struct upload **at = &upload->web->uploads; *at; at = &(*at)->next)
        if (*at == upload) {
            *at = upload->next;
            break;
        }
    free(upload);
}

/* ---- taking it ---- */

static void fail_disk(struct request *request)
{
    const bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    fprintf(stderr, "coord-web: %s/evidence: %s\n", request->web->dir, strerror(errno));
    request_refuse(request, full ? WEB_E_FULL : WEB_E_STORE, "", "%s", "");
}

static struct upload *upload_new(struct request *request)
{
    struct web *web = request->web;
    struct upload *upload = alloc_zeroed(1, sizeof *upload);
    upload->web = web;
    upload->fd = -1;
    snprintf(upload->user, sizeof upload->user, "%s", request->session.user.name);
    upload->held = store_piece_bytes_of(web->store, upload->user);
    unsigned at_once = 0;
    for (const struct upload *other = web->uploads; other; other = other->next)
        at_once += strcmp(other->user, upload->user) == 0;
    upload->next = web->uploads;
    web->uploads = upload;
    if (at_once >= EVIDENCE_AT_ONCE) {
        request_refuse(request, WEB_E_BUSY, "",
                       "This account sends %u files already; the next when one of them is here.", at_once);
        return upload;
    }
    snprintf(upload->path, sizeof upload->path, "%s/evidence", web->dir);
    (void)mkdir(upload->path, 0700); /* what is wrong with it is told of the file */
    snprintf(upload->path, sizeof upload->path, "%s/evidence/" EVIDENCE_NEW "XXXXXX", web->dir);
    upload->fd = mkostemp(upload->path, O_CLOEXEC);
    crypto_hash_sha256_init(&upload->hash);
    if (upload->fd < 0) {
        upload->path[0] = '\0';
        fail_disk(request);
    }
    return upload;
}

/* Whether there is room for what has come so far, that of the others who send at the same time with it. */
static bool has_room(struct request *request, const struct upload *upload)
{
    const struct config *config = request->web->config;
    uint64_t all = (uint64_t)request->web->evidence_bytes, own = (uint64_t)upload->held;
    for (const struct upload *other = request->web->uploads; other; other = other->next) {
        all += other->size;
        own += strcmp(other->user, upload->user) == 0 ? other->size : 0;
    }
    if (upload->size > (uint64_t)config->file_max_mib * MIB)
        request_refuse_size(request, "", (uint64_t)config->file_max_mib * MIB);
    else if (own > (uint64_t)config->user_max_mib * MIB)
        request_refuse(
            request, WEB_E_SHARE_FULL, "",
            "What this account has sent fills its share of the place for evidence, %u MiB; what no task names "
            "goes after a day, and `user_max_mib` sets the share.",
            config->user_max_mib);
    else if (all > (uint64_t)config->evidence_max_mib * MIB)
        request_refuse(request, WEB_E_FULL, "", "The place for evidence is full: %u MiB.", config->evidence_max_mib);
    else
        return true;
    return false;
}

bool upload_take(struct request *request, const char *bytes, size_t size)
{
    if (!request->upload)
        request->upload = upload_new(request);
    struct upload *upload = request->upload;
    if (upload->fd < 0)
        return false;
    upload->size += size;
    if (!has_room(request, upload))
        return false;
    crypto_hash_sha256_update(&upload->hash, (const unsigned char *)bytes, size);
    for (size_t i = 0; i < size && upload->head_size < EVIDENCE_HEAD; i++)
        upload->head[upload->head_size++] = (unsigned char)bytes[i];
    for (size_t at = 0; at < size;) {
        const ssize_t part = write(upload->fd, bytes + at, size - at);
        if (part < 0 && errno != EINTR) {
            fail_disk(request);
            return false;
        }
        at += part > 0 ? (size_t)part : 0;
    }
    return true;
}

/* Keeps the piece, or renews the day of one that is here; false and answered when it cannot be. */
static bool keep(struct request *request, struct upload *upload, const struct piece *piece)
{
    struct web *web = request->web;
    struct piece known;
    char path[4200];
    const bool is_known = store_piece_get(web->store, piece->sha256, &known);
    evidence_path(web, piece->sha256, path, sizeof path);
    if ((!is_known || access(path, R_OK) != 0) && !settle(web, upload, piece->sha256)) {
        fail_disk(request);
        return false;
    }
    if (is_known ? !store_piece_again(web->store, piece->sha256, web->now)
                 : !store_piece_put(web->store, piece, upload->user, web->now)) {
        if (!is_known)
            unlink(path); /* nobody would count it */
        request_refuse_store(request);
        return false;
    }
    if (is_known)
        return true;
    web->evidence_bytes += piece->size;
    upload->size = 0; /* it counts as kept from now on */
    for (struct upload *other = web->uploads; other; other = other->next)
        other->held += strcmp(other->user, upload->user) == 0 ? piece->size : 0;
    return true;
}

void handle_evidence_put(struct request *request)
{
    struct upload *upload = request->upload;
    const char *given = request_query(request, "name");
    char name[EVIDENCE_NAME_MAX + 1];
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct piece piece = {.size = 0};
    if (!upload || !upload->size) {
        request_refuse(request, WEB_E_BAD_FIELD, "body", "The body must be the file, with a byte in it at least.");
        return;
    }
    if (!given || !given[0]) {
        request_refuse(request, WEB_E_BAD_FIELD, "name",
                       "The file's name must stand in the address: ?name=bao-cao.pdf");
        return;
    }
    evidence_name(given, name);
    crypto_hash_sha256_final(&upload->hash, hash);
    sodium_bin2hex(piece.sha256, sizeof piece.sha256, hash, sizeof hash);
    piece.size = (int64_t)upload->size;
    snprintf(piece.type, sizeof piece.type, "%s", evidence_type(upload->head, upload->head_size));
    if (!keep(request, upload, &piece))
        return;
    struct buffer file = {.exhausted = alloc_failed};
    buffer_printf(&file, "/evidence/%s/", piece.sha256);
    plain_put_address(&file, name);
    request_give(request, 200,
                 json_pack("{s:o, s:s, s:I, s:s, s:s}", "file", json_stringn(file.data, file.size), "name", name,
                           "size", (json_int_t)piece.size, "sha256", piece.sha256, "type", piece.type));
    buffer_done(&file);
}

/* ---- giving it back ---- */

static bool is_sha256(const char *text)
{
    return strspn(text, "0123456789abcdef") == TOKEN_TEXT - 1;
}

/* Whoever knows the SHA-256 has read it in a task, or has the file. It is never shown in place: an attachment, of a sandbox. */
void handle_evidence_get(struct request *request)
{
    struct web *web = request->web;
    char sha256[TOKEN_TEXT], name[EVIDENCE_NAME_MAX + 1], path[4200];
    struct piece piece;
    int fd = -1;
    snprintf(sha256, sizeof sha256, "%s", request->rest);
    if (is_sha256(sha256) && request->rest[TOKEN_TEXT - 1] == '/' && store_piece_get(web->store, sha256, &piece)) {
        evidence_path(web, sha256, path, sizeof path);
        fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0) {
        request_refuse(request, WEB_E_NOT_FOUND, "", "%s", "");
        return;
    }
    evidence_name(request->rest + TOKEN_TEXT, name);
    struct buffer disposition = {.exhausted = alloc_failed};
    buffer_printf(&disposition, "attachment; filename*=UTF-8''");
    plain_put_address(&disposition, name);
    buffer_append(&disposition, "", 1);
    struct MHD_Response *response = MHD_create_response_from_fd64((uint64_t)piece.size, fd);
    MHD_add_response_header(response, "Content-Type", piece.type);
    MHD_add_response_header(response, "Content-Disposition", disposition.data);
    respond_safely(web, response, "private, no-cache");
    MHD_del_response_header(response, "Content-Security-Policy",
                            MHD_get_response_header(response, "Content-Security-Policy"));
    MHD_add_response_header(response, "Content-Security-Policy", "default-src 'none'; sandbox");
    request_respond(request, 200, response);
    buffer_done(&disposition);
}
