/* Passwords: signing in by one, with a code where the account asks for it, and changing it. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "request.h"
#include "totp.h"

struct attempt {
    struct request *request;
    struct user user; /* with an empty name when there is none of the name */
    char name[USER_NAME_MAX + 1], code[TOTP_DIGITS + 1];
    char fresh[PASSWORD_MAX + 1]; /* of a change: the new password */
};

static void attempt_free(struct attempt *attempt)
{
    attempt->request->web->calls--;
    sodium_memzero(attempt, sizeof *attempt);
    free(attempt);
}

static void refuse(struct attempt *attempt)
{
    struct web *web = attempt->request->web;
    store_failed(web->store, attempt->name, web->now);
    web->counts.sign_ins_refused++;
    request_refuse(attempt->request, WEB_E_SIGN_IN_REFUSED, "", "%s", "");
}

static void on_verified(void *with, bool verified, const char *hash)
{
    struct attempt *attempt = with;
    struct request *request = attempt->request;
    struct web *web = request->web;
    const struct user *user = &attempt->user;
    (void)hash;
    const int64_t step = user->has_totp ? totp_step(user->totp, sizeof user->totp, attempt->code, web->now) : 0;
    if (!verified)
        refuse(attempt);
    else if (user->has_totp && !attempt->code[0])
        request_refuse(request, WEB_E_CODE_NEEDED, "code", "%s", "");
    else if (user->has_totp && (step < 0 || !store_user_step(web->store, user->name, step)))
        refuse(attempt);
    else if (request_begin_session(request, user->name)) {
        store_succeeded(web->store, attempt->name);
        request_give_me(request);
    }
    attempt_free(attempt);
}

/* A member that is a text of so many bytes at most; NULL and answered when it is not. "" when absent and not needed. */
static const char *text_member(struct request *request, const json_t *object, const char *name, size_t max, bool needed)
{
    const json_t *value = json_object_get(object, name);
    const char *text = json_string_value(value);
    if (!text && !needed && (!value || json_is_null(value)))
        return "";
    if (text && strlen(text) == json_string_length(value) && strlen(text) <= max && (text[0] || !needed))
        return text;
    request_refuse(request, WEB_E_BAD_FIELD, name, "It must be a text of %s %zu bytes.", needed ? "1 to" : "at most",
                   max);
    return NULL;
}

static struct attempt *attempt_new(struct request *request, const char *name, const char *code)
{
    struct attempt *attempt = alloc_zeroed(1, sizeof *attempt);
    attempt->request = request;
    snprintf(attempt->name, sizeof attempt->name, "%s", name);
    snprintf(attempt->code, sizeof attempt->code, "%s", code);
    if (!store_user_get(request->web->store, name, &attempt->user))
        attempt->user = (struct user){.rights = 0};
    request->web->calls++;
    return attempt;
}

static void try_password(struct request *request, const char *name, const char *password, const char *code)
{
    struct web *web = request->web;
    const int64_t until = store_locked_until(web->store, name);
    if (until > web->now) {
        web->counts.sign_ins_refused++;
        request_refuse(request, WEB_E_LOCKED, "user", "Too many attempts failed; try again in %lld s.",
                       (long long)((until - web->now + 999) / 1000));
        return;
    }
    struct attempt *attempt = attempt_new(request, name, code);
    if (!passwords_verify(web->passwords, attempt->user.password, password, on_verified, attempt)) {
        request_refuse(request, WEB_E_BUSY, "", "%s", "");
        attempt_free(attempt);
    } else {
        request_wait(request);
    }
}

void handle_sign_in(struct request *request)
{
    struct web *web = request->web;
    const char *site = request_header(request, "Sec-Fetch-Site");
    if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) {
        request_refuse(request, WEB_E_CSRF, "", "%s", "");
        return;
    }
    json_t *object = request_json(request);
    const char *name = object ? text_member(request, object, "user", USER_NAME_MAX, true) : NULL;
    const char *password = name ? text_member(request, object, "password", PASSWORD_MAX, true) : NULL;
    const char *code = password ? text_member(request, object, "code", TOTP_DIGITS, false) : NULL;
    if (code && !limit_take(web->sign_in_limit, 1, web->steady))
        request_refuse(request, WEB_E_BUSY, "", "%s", "");
    else if (code && web->stopping)
        request_refuse(request, WEB_E_STOPPING, "", "%s", "");
    else if (code)
        try_password(request, name, password, code);
    json_decref(object);
}

/* ---- a new password ---- */

/* All sessions end with the old password, and the one that changed it goes on as a new one. */
static void on_hashed(void *with, bool verified, const char *hash)
{
    struct attempt *attempt = with;
    struct request *request = attempt->request;
    struct web *web = request->web;
    struct user *user = &attempt->user;
    (void)verified;
    snprintf(user->password, sizeof user->password, "%s", hash);
    if (!hash[0])
        request_refuse(request, WEB_E_BUSY, "", "%s", "");
    else if (!store_user_put(web->store, user) || !store_sessions_end(web->store, user->name))
        request_refuse_store(request);
    else if (request_begin_session(request, user->name))
        request_give_me(request);
    viewers_check(web);
    attempt_free(attempt);
}

static void on_old_verified(void *with, bool verified, const char *hash)
{
    struct attempt *attempt = with;
    struct request *request = attempt->request;
    (void)hash;
    if (!verified) {
        refuse(attempt);
        attempt_free(attempt);
    } else if (!passwords_hash(request->web->passwords, attempt->fresh, on_hashed, attempt)) {
        request_refuse(request, WEB_E_BUSY, "", "%s", "");
        attempt_free(attempt);
    }
}

void handle_password(struct request *request)
{
    struct web *web = request->web;
    const struct user *user = &request->session.user;
    json_t *object = request_json(request);
    const char *fresh = object ? text_member(request, object, "new", PASSWORD_MAX, true) : NULL;
    const char *old = fresh ? text_member(request, object, "old", PASSWORD_MAX, user->password[0] != '\0') : NULL;
    if (old && strlen(fresh) < PASSWORD_MIN)
        request_refuse(request, WEB_E_BAD_FIELD, "new", "It must have %d characters at least.", PASSWORD_MIN);
    else if (old && store_locked_until(web->store, user->name) > web->now)
        request_refuse(request, WEB_E_LOCKED, "old", "%s", "");
    else if (old) {
        struct attempt *attempt = attempt_new(request, user->name, "");
        snprintf(attempt->fresh, sizeof attempt->fresh, "%s", fresh);
        if (user->password[0] ? !passwords_verify(web->passwords, user->password, old, on_old_verified, attempt)
                              : !passwords_hash(web->passwords, fresh, on_hashed, attempt)) {
            request_refuse(request, WEB_E_BUSY, "", "%s", "");
            attempt_free(attempt);
        } else {
            request_wait(request);
        }
    }
    json_decref(object);
}
