#include "front.h"

#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "alloc.h"
#include "pack.h"
#include "request.h"

struct file {
    char *path; /* "/assets/index-a1b2c3.js" */
    const char *type;
    char etag[40];
    unsigned char *plain, *packed; /* packed: NULL where it gains nothing */
    size_t plain_size, packed_size;
    bool for_ever; /* its name holds its hash */
};

struct front {
    struct file files[FRONT_FILES_MAX];
    size_t count, bytes;
    const struct file *index;
};

static const struct {
    const char *ending, *type;
    bool packs;
} types[] = {
    {".html", "text/html; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", true},
    {".svg", "image/svg+xml", true},
    {".json", "application/json", true},
    {".webmanifest", "application/manifest+json", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".png", "image/png", false},
    {".ico", "image/x-icon", false},
    {".woff2", "font/woff2", false},
};

static const char not_built[] =
    "<!doctype html><html lang=\"vi\"><meta charset=\"utf-8\"><title>coord-web</title>"
    "<body><h1>coord-web</h1><p>Trang chưa được dựng. The pages are not built.</p>"
    "<p>With Node and npm on the machine, <code>make build</code> builds them and <code>make install</code> puts them "
    "in "
    "place; or <code>front</code> in coord-web.conf names where they are. Then restart coord-web.</p>"
    "<p>The API answers: <code>/api/me</code>, <code>/api/op/NAME</code>, "
    "<code>/api/events</code>.</p></body></html>\n";

/* ---- reading ---- */

static size_t type_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].ending, dot) == 0)
            return i;
    return SIZE_MAX;
}

/* Takes the bytes. */
static const struct file *add(struct front *front, const char *path, unsigned char *bytes, size_t size)
{
    unsigned char hash[16];
    struct file *file = &front->files[front->count++];
    const size_t type = type_of(path);
    *file = (struct file){.path = alloc_copy(path), .plain = bytes, .plain_size = size};
    file->type = type == SIZE_MAX ? "application/octet-stream" : types[type].type;
    file->for_ever = strncmp(path, "/assets/", 8) == 0;
    crypto_generichash(hash, sizeof hash, bytes, size, NULL, 0);
    file->etag[0] = '"';
    sodium_bin2hex(file->etag + 1, 33, hash, sizeof hash);
    strcat(file->etag, "\"");
    if (type != SIZE_MAX && types[type].packs)
        file->packed = pack(bytes, size, PACK_BEST, &file->packed_size);
    return file;
}

static void read_file(struct front *front, const char *full, const char *path)
{
    struct stat status;
    FILE *file = fopen(full, "re");
    if (file && fstat(fileno(file), &status) == 0 && front->count < FRONT_FILES_MAX &&
        front->bytes + (size_t)status.st_size <= FRONT_BYTES_MAX) {
        unsigned char *bytes = alloc_zeroed(1, (size_t)status.st_size + 1);
        const size_t size = fread(bytes, 1, (size_t)status.st_size, file);
        front->bytes += size;
        (void)add(front, path, bytes, size);
    } else {
        fprintf(stderr,
                "coord-web: %s is left out: it cannot be read, or the pages are more than %d files or %d bytes\n", full,
                FRONT_FILES_MAX, FRONT_BYTES_MAX);
    }
    if (file)
        fclose(file);
}

static void read_directory(struct front *front, const char *full, const char *path, int deep)
{
    DIR *directory = opendir(full);
    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        char below[4096], name[1024];
        struct stat status;
        if (entry->d_name[0] == '.' ||
            snprintf(below, sizeof below, "%s/%s", full, entry->d_name) >= (int)sizeof below ||
            snprintf(name, sizeof name, "%s/%s", path, entry->d_name) >= (int)sizeof name || stat(below, &status) != 0)
            continue;
        if (S_ISREG(status.st_mode))
            read_file(front, below, name);
        else if (S_ISDIR(status.st_mode) && deep < FRONT_DEEP_MAX)
            read_directory(front, below, name, deep + 1);
    }
    if (directory)
        closedir(directory);
}

static const struct file *find(const struct front *front, const char *path)
{
    for (size_t i = 0; i < front->count; i++)
        if (strcmp(front->files[i].path, path) == 0)
            return &front->files[i];
    return NULL;
}

struct front *front_open(const char *directory)
{
    struct front *front = alloc_zeroed(1, sizeof *front);
    read_directory(front, directory, "", 0);
    front->index = find(front, "/index.html");
    if (!front->index) {
        if (front->count == FRONT_FILES_MAX)
            front->count--;
        front->index = add(front, "/not-built.html", (unsigned char *)alloc_copy(not_built), sizeof not_built - 1);
        fprintf(stderr, "coord-web: %s holds no built pages; a page says how to build them\n", directory);
    }
    return front;
}

void front_free(struct front *front)
{
    if (!front)
        return;
    for (size_t i = 0; i < front->count; i++) {
        free(front->files[i].path);
        free(front->files[i].plain);
        free(front->files[i].packed);
    }
    free(front);
}

/* ---- serving ---- */

void handle_front(struct request *request)
{
    const struct front *front = request->web->front;
    const struct file *file = find(front, request->path);
    const char *known = request_header(request, "If-None-Match");
    /* An asset that is gone is no page: a browser would take it for a script. Any other path is the page's own to read. */
    if (!file && (strncmp(request->path, "/assets/", 8) == 0)) {
        request_refuse(request, WEB_E_NOT_FOUND, "", "%s", "");
        return;
    }
    if (!file)
        file = front->index;
    const bool packed = file->packed && request_takes_packed(request);
    const bool same = known && strstr(known, file->etag);
    struct MHD_Response *response = MHD_create_response_from_buffer(same     ? 0
                                                                    : packed ? file->packed_size
                                                                             : file->plain_size,
                                                                    packed ? file->packed : file->plain,
                                                                    MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Content-Type", file->type);
    MHD_add_response_header(response, "ETag", file->etag);
    MHD_add_response_header(response, "Vary", "Accept-Encoding");
    if (packed && !same)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    respond_safely(request->web, response, file->for_ever ? "public, max-age=31536000, immutable" : "no-cache");
    request_respond(request, same ? MHD_HTTP_NOT_MODIFIED : MHD_HTTP_OK, response);
}
