#include "request.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_print.h"
#include "pack.h"
#include "plain.h"

static const struct {
    int code;
    unsigned status;
    const char *name, *sentence;
    bool retry;
} error_rows[] = {
#define E(constant, code, status, name, retry, sentence) {code, status, name, sentence, retry},
    WEB_ERRORS(E)
#undef E
};

/* The HTTP status of the protocol's errors, by the groups that errors.def.h numbers them in. */
static const struct {
    int from, to;
    unsigned status;
} statuses[] = {
    {10, 10, 404}, {1, 19, 400},  {20, 23, 503}, {24, 29, 403}, {30, 39, 404},   {40, 59, 409},   {60, 69, 429},
    {70, 79, 503}, {80, 80, 504}, {82, 82, 503}, {84, 84, 502}, {135, 136, 403}, {137, 137, 400},
};

const char *request_header(const struct request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *request_query(const struct request *request, const char *name)
{
    return MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, name);
}

/* ---- answering ---- */

void respond_safely(const struct web *web, struct MHD_Response *response, const char *cache)
{
    static const char *const headers[][2] = {
        {"Content-Security-Policy",
         "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
         "form-action 'self'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
    MHD_add_response_header(response, "Cache-Control", cache);
    if (strncmp(web->config->url, "https://", 8) == 0)
        MHD_add_response_header(response, "Strict-Transport-Security", "max-age=31536000");
}

void request_respond(struct request *request, unsigned status, struct MHD_Response *response)
{
    if (request->answer) { /* the first counts */
        MHD_destroy_response(response);
        return;
    }
    request->answer = response;
    request->status = status;
    request->web->counts.refused += status >= 400;
    if (request->waiting) {
        request->waiting = false;
        MHD_resume_connection(request->connection);
    }
}

void request_respond_text(struct request *request, unsigned status, const char *type, const char *text, size_t size)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(size, (void *)(uintptr_t)text,
                                                                    MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, "Content-Type", type);
    respond_safely(request->web, response, "no-store");
    request_respond(request, status, response);
}

bool request_takes_packed(const struct request *request)
{
    const char *accepts = request_header(request, "Accept-Encoding");
    return accepts && strstr(accepts, "gzip");
}

/* A long one goes packed. What is secret (a session's csrf, an address with a token) is in short answers alone, and its length
 * tells nobody anything. Takes the text. */
static struct MHD_Response *json_response(const struct request *request, char *text, size_t size)
{
    size_t packed_size;
    unsigned char *packed = NULL;
    if (size >= REQUEST_PACKED_MIN && request_takes_packed(request))
        packed = pack(text, size, PACK_QUICK, &packed_size);
    if (packed)
        free(text);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        packed ? packed_size : size, packed ? (void *)packed : text, MHD_RESPMEM_MUST_FREE);
    MHD_add_response_header(response, "Content-Type", "application/json");
    MHD_add_response_header(response, "Vary", "Accept-Encoding");
    if (packed)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    return response;
}

void request_give(struct request *request, unsigned status, json_t *object)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file) {
        json_print(file, object, JSON_LINE);
        fclose(file);
    }
    json_decref(object);
    struct MHD_Response *response = json_response(request, text, text ? size : 0);
    respond_safely(request->web, response, "no-store");
    if (request->cookie[0])
        MHD_add_response_header(response, "Set-Cookie", request->cookie);
    request_respond(request, status, response);
}

void request_redirect(struct request *request, const char *where)
{
    struct MHD_Response *response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "Location", where);
    respond_safely(request->web, response, "no-store");
    if (request->cookie[0])
        MHD_add_response_header(response, "Set-Cookie", request->cookie);
    request_respond(request, MHD_HTTP_SEE_OTHER, response);
}

static json_t *error_object(int code, const char *name, bool retry, const char *message, const char *field)
{
    char plain[800]; /* what a browser sent may stand in it, and need not be UTF-8 */
    plain_copy(message, strlen(message), false, plain, sizeof plain);
    json_t *error = json_pack("{s:i, s:s, s:b, s:s}", "code", code, "name", name, "retry", retry, "message", plain);
    if (field && field[0])
        json_object_set_new(error, "field", json_string(field));
    return error;
}

void request_refuse(struct request *request, enum web_error error, const char *field, const char *format, ...)
{
    char message[300];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    request_give(request, error_rows[error].status,
                 json_pack("{s:o}", "error",
                           error_object(error_rows[error].code, error_rows[error].name, error_rows[error].retry,
                                        message[0] ? message : error_rows[error].sentence, field)));
}

void request_refuse_size(struct request *request, const char *field, uint64_t most)
{
    char message[100];
    snprintf(message, sizeof message, "The body is larger than may be: %llu bytes are the most.",
             (unsigned long long)most);
    json_t *error = error_object(error_rows[WEB_E_TOO_LARGE].code, error_rows[WEB_E_TOO_LARGE].name, false, message,
                                 field);
    json_object_set_new(error, "limit", json_integer((json_int_t)most));
    request_give(request, error_rows[WEB_E_TOO_LARGE].status, json_pack("{s:o}", "error", error));
}

void request_refuse_store(struct request *request)
{
    struct store *store = request->web->store;
    fprintf(stderr, "coord-web: the store: %s\n", store_error(store));
    request_refuse(request, store_is_full(store) ? WEB_E_FULL : WEB_E_STORE, "", "%s", "");
}

void request_problem(struct request *request, int error, const struct problem *problem)
{
    const struct error_row *row = error_row(error);
    unsigned status = 500;
    for (size_t i = sizeof statuses / sizeof *statuses; i-- > 0;)
        if (-error >= statuses[i].from && -error <= statuses[i].to)
            status = statuses[i].status;
    json_t *object = error_object(-error, row ? row->name : "unknown", row && row->retry,
                                  problem && problem->message[0] ? problem->message
                                  : row                          ? row->sentence
                                                                 : "The broker refused.",
                                  problem ? problem->field : "");
    if (problem && problem->version)
        json_object_set_new(object, "version", json_integer((json_int_t)problem->version));
    if (problem && problem->state)
        json_object_set_new(object, "state", json_string(term_name(&vocabulary_state, problem->state)));
    request_give(request, status, json_pack("{s:o}", "error", object));
}

void request_wait(struct request *request)
{
    request->waiting = true;
    MHD_suspend_connection(request->connection);
}

/* ---- what is asked ---- */

json_t *request_json(struct request *request)
{
    const char *type = request_header(request, "Content-Type");
    json_error_t error;
    if (!type || strncasecmp(type, "application/json", 16) != 0) {
        request_refuse(request, WEB_E_BAD_BODY, "Content-Type", "%s", "");
        return NULL;
    }
    if (request->body.size == 0)
        return json_object();
    json_t *object = json_loadb(request->body.data, request->body.size, JSON_REJECT_DUPLICATES, &error);
    if (!object)
        request_refuse(request, WEB_E_BAD_JSON, "", "This is no JSON: %s, at byte %d.", error.text, error.position);
    else if (!json_is_object(object)) {
        json_decref(object);
        request_refuse(request, WEB_E_BAD_JSON, "", "%s", "");
        return NULL;
    }
    return object;
}

bool request_check_csrf(struct request *request)
{
    const char *given = request_header(request, "X-CSRF"), *site = request_header(request, "Sec-Fetch-Site");
    const bool same = !site || strcmp(site, "same-origin") == 0 || strcmp(site, "none") == 0;
    if (same && given && request->has_session && strlen(given) == TOKEN_TEXT - 1 &&
        sodium_memcmp(given, request->session.csrf, TOKEN_TEXT - 1) == 0)
        return true;
    request_refuse(request, WEB_E_CSRF, "X-CSRF", "%s", "");
    return false;
}

bool request_has_right(struct request *request, int right)
{
    struct problem problem = {0};
    if (request_rights(request) & TERM_BIT(right))
        return true;
    problem_set(&problem, COORD_E_RIGHT_MISSING, "", "It takes the right to %s, which this account has not.",
                term_name(&vocabulary_right, right));
    request_problem(request, problem.error, &problem);
    return false;
}

bool request_allowed(struct request *request)
{
    struct web *web = request->web;
    if (request->route->needs == NEEDS_NOTHING)
        return true;
    if (request->by_proxy && request->route->handle == handle_me)
        return true; /* which begins the session */
    if (!request->has_session) {
        request_refuse(request, WEB_E_SIGN_IN_NEEDED, "", "%s", "");
        return false;
    }
    if (!limit_take(web->session_limit, limit_key(request->session.hash), web->steady)) {
        request_refuse(request, WEB_E_TOO_MANY, "", "%s", "");
        return false;
    }
    if (!web_broker(web, request->session.user.context)) {
        request_refuse(request, WEB_E_NO_CONTEXT, "context",
                       "The account is of the context %s, which is not among `contexts`.",
                       request->session.user.context);
        return false;
    }
    if (request->route->needs < NEEDS_CHANGE)
        return true;
    return request_check_csrf(request) && (request->route->needs != NEEDS_ACT || request_has_right(request, RIGHT_ACT));
}

bool request_may_call(struct request *request)
{
    const struct web *web = request->web;
    if (web->stopping)
        request_refuse(request, WEB_E_STOPPING, "", "%s", "");
    else if (web->calls >= WEB_CALLS_MAX)
        request_refuse(request, WEB_E_BUSY, "", "%s", "");
    return !web->stopping && web->calls < WEB_CALLS_MAX;
}
