/* Bits of the store flip, and its end is cut off: of one that was stopped in good order, and of one whose broker was
 * killed, with the write-ahead log that it left. A broker on it either says so and ends, or answers everything as before.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault/answers.h"
#include "fault/changes.h"

#define MEMBERS 4
#define CHANGES 40

static const char *const names[] = {"coordd.db", "coordd.db-wal", "coordd.mark"};
#define FILES (sizeof names / sizeof *names)

struct image {
    char path[600];
    uint8_t *bytes; /* NULL when there is no such file */
    size_t size;
};

/* The store as one broker left it, and what a broker answers on it when it is whole. */
struct left {
    const char *how;
    struct image images[FILES];
    uint8_t answers[ANSWERS_SIZE];
    int flips, cuts, found, harmless;
};

static uint64_t chance(void)
{
    static uint64_t state = 88172645463325252u;
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static void image_read(struct image *image, const struct served *served, const char *name)
{
    struct stat status;
    snprintf(image->path, sizeof image->path, "%s/%s", served->directory, name);
    image->bytes = NULL;
    image->size = 0;
    const int file = open(image->path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    FAULT_CHECK(fstat(file, &status) == 0, "%s cannot be read", image->path);
    image->size = (size_t)status.st_size;
    image->bytes = malloc(image->size + 1);
    FAULT_CHECK(image->bytes && read(file, image->bytes, image->size) == (ssize_t)image->size, "no memory");
    close(file);
}

static void image_write(const struct image *image, size_t size)
{
    unlink(image->path);
    if (!image->bytes)
        return;
    const int file = open(image->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    FAULT_CHECK(file >= 0 && write(file, image->bytes, size) == (ssize_t)size, "%s cannot be written", image->path);
    close(file);
}

/* All files as they were left, but for one that is cut. */
static void put_back(const struct left *left, size_t cut_file, size_t cut_size)
{
    for (size_t i = 0; i < FILES; i++)
        image_write(&left->images[i], i == cut_file ? cut_size : left->images[i].size);
}

static void take(struct left *left, struct served *served, const struct fault *fault, const struct member *members)
{
    uint8_t again[ANSWERS_SIZE];
    for (size_t i = 0; i < FILES; i++)
        image_read(&left->images[i], served, names[i]);
    for (int i = 0; i < 2; i++) {
        put_back(left, FILES, 0);
        FAULT_CHECK(served_try(served, &fault->rig, NULL) &&
                        answers_ask(served, members, MEMBERS, i == 0 ? left->answers : again),
                    "a whole store, %s, is not served", left->how);
        served_stop(served, SIGKILL);
    }
    FAULT_CHECK(memcmp(left->answers, again, sizeof again) == 0, "a whole store, %s, is answered in two ways",
                left->how);
}

/* Where the damage strikes: any byte of all files alike, but each tenth in the smallest, which would never be hit. */
static size_t choose(const struct left *left, size_t *file)
{
    size_t all = 0;
    for (size_t i = 0; i < FILES; i++)
        all += left->images[i].size;
    size_t at = chance() % all;
    if (chance() % 10 == 0)
        at = all - 1 - chance() % left->images[FILES - 1].size;
    for (*file = 0; at >= left->images[*file].size; ++*file)
        at -= left->images[*file].size;
    return at;
}

/* A broker that ends instead of answering has found the damage: it must have said so, by its exit code. */
static void judge(struct left *left, struct served *served, const struct fault *fault, const struct member *members,
                  const char *what, size_t file, size_t at)
{
    uint8_t answers[ANSWERS_SIZE];
    if (served_try(served, &fault->rig, NULL) && answers_ask(served, members, MEMBERS, answers)) {
        FAULT_CHECK(memcmp(answers, left->answers, sizeof answers) == 0,
                    "a wrong answer was served: %s %s byte %zu, %s", names[file], what, at, left->how);
        left->harmless++;
        served_stop(served, SIGKILL);
        return;
    }
    FAULT_CHECK(WIFEXITED(served->status) && WEXITSTATUS(served->status) != 0,
                "the broker ended by status %x: %s %s byte %zu, %s", (unsigned)served->status, names[file], what, at,
                left->how);
    left->found++;
}

static void damage(struct left *left, struct served *served, const struct fault *fault, const struct member *members,
                   bool flip)
{
    size_t file;
    const size_t at = choose(left, &file);
    uint8_t *byte = &left->images[file].bytes[at];
    const uint8_t bit = (uint8_t)(flip ? 1 << chance() % 8 : 0);
    *byte ^= bit;
    put_back(left, flip ? FILES : file, at);
    judge(left, served, fault, members, flip ? "flipped in" : "cut at", file, at);
    *byte ^= bit;
    left->flips += flip;
    left->cuts += !flip;
}

static void change_all(struct changes *changes)
{
    for (int i = 0; i < MEMBERS; i++) {
        for (int j = 0; j < CHANGES; j++)
            FAULT_CHECK(changes_make(&changes[i], 30000) == 0, "a change is refused");
        (void)changes_audit(&changes[i]);
    }
}

static void run(const struct fault *fault)
{
    static struct served served;
    static struct member members[MEMBERS];
    static struct changes changes[MEMBERS];
    static struct left left[2];
    const int flips = fault->full ? 1000 : 40, cuts = fault->full ? 500 : 20;
    left[0] = (struct left){.how = "stopped in good order"};
    left[1] = (struct left){.how = "with the log of a broker that was killed"};
    served_start(&served, &fault->rig, NULL);
    served_members(&served, members, MEMBERS);
    for (int i = 0; i < MEMBERS; i++)
        changes_open(&changes[i], &members[i]);
    change_all(changes);
    served_stop(&served, SIGTERM);
    take(&left[0], &served, fault, members);
    put_back(&left[0], FILES, 0);
    served_again(&served, &fault->rig);
    change_all(changes);
    served_stop(&served, SIGKILL);
    take(&left[1], &served, fault, members);
    for (int i = 0; i < flips + cuts; i++)
        damage(&left[i % 2], &served, fault, members, i < flips);
    for (int i = 0; i < 2; i++)
        fault_measured("%s: %d flipped bits and %d cuts: %d found, %d harmless, 0 wrong answers", left[i].how,
                       left[i].flips, left[i].cuts, left[i].found, left[i].harmless);
    for (int i = 0; i < MEMBERS; i++)
        changes_close(&changes[i]);
    for (size_t i = 0; i < 2 * FILES; i++)
        free(left[i / FILES].images[i % FILES].bytes);
    served_remove(&served);
}

const struct fault_row damage_fault = {"damage", "flipped bits and truncations of the store", run};
