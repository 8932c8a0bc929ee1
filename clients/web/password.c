#include "password.h"

#include <pthread.h>
#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "alloc.h"

struct job {
    char hash[PASSWORD_HASH], password[PASSWORD_MAX + 1];
    bool make, verified;
    password_done *done;
    void *user;
};

/* A ring: jobs[taken % MAX] is the thread's, those up to `put` wait, those from `told` on are the caller's to hear of. */
struct passwords {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    int fd;
    bool ending;
    unsigned told, taken, put;
    char nobody[PASSWORD_HASH]; /* the hash of no password that anyone knows */
    struct job jobs[PASSWORD_JOBS_MAX];
};

bool password_hash(const char *password, char hash[PASSWORD_HASH])
{
    _Static_assert(PASSWORD_HASH == crypto_pwhash_STRBYTES, "as libsodium writes it");
    return crypto_pwhash_str(hash, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
}

static void work(const struct passwords *passwords, struct job *job)
{
    const char *hash = job->hash[0] ? job->hash : passwords->nobody;
    if (job->make) {
        if (!password_hash(job->password, job->hash))
            job->hash[0] = '\0';
    } else {
        const bool same = crypto_pwhash_str_verify(hash, job->password, strlen(job->password)) == 0;
        job->verified = same && job->hash[0];
    }
    sodium_memzero(job->password, sizeof job->password);
}

static void *run(void *with)
{
    struct passwords *passwords = with;
    pthread_mutex_lock(&passwords->lock);
    while (!passwords->ending) {
        if (passwords->taken == passwords->put) {
            pthread_cond_wait(&passwords->wake, &passwords->lock);
            continue;
        }
        struct job *job = &passwords->jobs[passwords->taken % PASSWORD_JOBS_MAX];
        pthread_mutex_unlock(&passwords->lock);
        work(passwords, job);
        pthread_mutex_lock(&passwords->lock);
        passwords->taken++;
        (void)!write(passwords->fd, &(uint64_t){1}, sizeof(uint64_t));
    }
    pthread_mutex_unlock(&passwords->lock);
    return NULL;
}

struct passwords *passwords_new(void)
{
    struct passwords *passwords = alloc_zeroed(1, sizeof *passwords);
    char unknown[33];
    unsigned char bytes[16];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(unknown, sizeof unknown, bytes, sizeof bytes);
    pthread_mutex_init(&passwords->lock, NULL);
    pthread_cond_init(&passwords->wake, NULL);
    passwords->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (passwords->fd >= 0 && password_hash(unknown, passwords->nobody) &&
        pthread_create(&passwords->thread, NULL, run, passwords) == 0)
        return passwords;
    close(passwords->fd);
    free(passwords);
    return NULL;
}

void passwords_free(struct passwords *passwords)
{
    if (!passwords)
        return;
    pthread_mutex_lock(&passwords->lock);
    passwords->ending = true;
    pthread_cond_signal(&passwords->wake);
    pthread_mutex_unlock(&passwords->lock);
    pthread_join(passwords->thread, NULL);
    pthread_mutex_destroy(&passwords->lock);
    pthread_cond_destroy(&passwords->wake);
    close(passwords->fd);
    sodium_memzero(passwords, sizeof *passwords);
    free(passwords);
}

static bool put(struct passwords *passwords, const struct job *job)
{
    pthread_mutex_lock(&passwords->lock);
    const bool room = passwords->put - passwords->told < PASSWORD_JOBS_MAX;
    if (room) {
        passwords->jobs[passwords->put++ % PASSWORD_JOBS_MAX] = *job;
        pthread_cond_signal(&passwords->wake);
    }
    pthread_mutex_unlock(&passwords->lock);
    return room;
}

bool passwords_verify(struct passwords *passwords, const char *hash, const char *password, password_done *done,
                      void *user)
{
    struct job job = {.done = done, .user = user};
    snprintf(job.hash, sizeof job.hash, "%s", hash);
    snprintf(job.password, sizeof job.password, "%s", password);
    const bool room = put(passwords, &job);
    sodium_memzero(&job, sizeof job);
    return room;
}

bool passwords_hash(struct passwords *passwords, const char *password, password_done *done, void *user)
{
    struct job job = {.make = true, .done = done, .user = user};
    snprintf(job.password, sizeof job.password, "%s", password);
    const bool room = put(passwords, &job);
    sodium_memzero(&job, sizeof job);
    return room;
}

int passwords_fd(const struct passwords *passwords)
{
    return passwords->fd;
}

void passwords_dispatch(struct passwords *passwords)
{
    uint64_t count;
    (void)!read(passwords->fd, &count, sizeof count);
    for (;;) {
        pthread_mutex_lock(&passwords->lock);
        const bool any = passwords->told != passwords->taken;
        struct job job = passwords->jobs[passwords->told % PASSWORD_JOBS_MAX];
        passwords->told += any;
        pthread_mutex_unlock(&passwords->lock);
        if (!any)
            return;
        job.done(job.user, job.verified, job.hash);
    }
}
