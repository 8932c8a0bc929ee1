/* Context files: found, read, refused by name, written whole. */
#include "unit/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coord.h"

struct files {
    char directory[64];
    char path[512];
    char public_key[41], secret_key[41], server_key[41];
};

static void files_init(struct files *files)
{
    char unused[41];
    strcpy(files->directory, "/tmp/libcoord-test-XXXXXX");
    assert_non_null(mkdtemp(files->directory));
    snprintf(files->path, sizeof files->path, "%s/default.context", files->directory);
    assert_int_equal(coord_keypair(files->public_key, files->secret_key, NULL), 0);
    assert_int_equal(coord_keypair(files->server_key, unused, NULL), 0);
}

static void files_done(struct files *files)
{
    unlink(files->path);
    assert_int_equal(rmdir(files->directory), 0);
}

static void put(const char *path, const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

/* A good file, but for one line, which is left out, or put in another way. */
static void put_with(const struct files *files, const char *key, const char *instead)
{
    char text[2048] = "";
    const char *lines[][2] = {{"endpoint", "tcp://127.0.0.1:5670"},
                              {"server_key", files->server_key},
                              {"agency", "H55.24"},
                              {"public_key", files->public_key},
                              {"secret_key", files->secret_key}};
    for (size_t i = 0; i < 5; i++) {
        size_t size = strlen(text);
        if (!key || strcmp(key, lines[i][0]) != 0)
            snprintf(text + size, sizeof text - size, "%s = %s\n", lines[i][0], lines[i][1]);
        else if (instead)
            snprintf(text + size, sizeof text - size, "%s\n", instead);
    }
    put(files->path, text, 0600);
}

static void expect_bad(const struct files *files, const char *field, const char *words)
{
    struct coord_context context;
    memset(&context, 7, sizeof context);
    struct coord_context before = context;
    struct problem problem = {0};
    assert_int_equal(coord_context_load(&context, files->path, &problem), COORD_E_BAD_CONTEXT);
    assert_int_equal(problem.error, COORD_E_BAD_CONTEXT);
    assert_string_equal(problem.field, field);
    if (!strstr(problem.message, words))
        print_error("%s\n", problem.message);
    assert_non_null(strstr(problem.message, words));
    test_saw(&problem);
    assert_non_null(strstr(problem.message, files->path));
    assert_memory_equal(&context, &before, sizeof context);
}

TEST(good_file_is_read)
{
    struct files files;
    files_init(&files);
    put_with(&files, "agency", "# chú thích\nagency = H55.24 ; the district\nlater = unknown keys are left alone");
    struct coord_context context;
    struct problem problem = {0};
    assert_int_equal(coord_context_load(&context, files.path, &problem), 0);
    assert_string_equal(context.endpoint, "tcp://127.0.0.1:5670");
    assert_string_equal(context.server_key, files.server_key);
    assert_string_equal(context.agency, "H55.24");
    assert_string_equal(context.public_key, files.public_key);
    assert_string_equal(context.secret_key, files.secret_key);
    coord_context_wipe(&context);
    assert_int_equal(context.secret_key[0], 0);
    coord_context_wipe(NULL);
    files_done(&files);
}

TEST(several_endpoints_are_in_one_line_or_in_many_and_a_comma_may_be_of_a_path)
{
    struct files files;
    struct coord_context context;
    files_init(&files);
    put_with(&files, "endpoint", "endpoint = tcp://a:1, ipc:///run/a,b,ipc:///c");
    assert_int_equal(coord_context_load(&context, files.path, NULL), 0);
    assert_string_equal(context.endpoint, "tcp://a:1, ipc:///run/a,b,ipc:///c");
    put_with(&files, "endpoint", "endpoint = tcp://a:1\nendpoint = tcp://[::1]:2");
    assert_int_equal(coord_context_load(&context, files.path, NULL), 0);
    assert_string_equal(context.endpoint, "tcp://a:1, tcp://[::1]:2");
    files_done(&files);
}

TEST(missing_setting_is_named)
{
    struct files files;
    files_init(&files);
    const char *keys[] = {"endpoint", "server_key", "agency", "public_key", "secret_key"};
    for (size_t i = 0; i < 5; i++) {
        put_with(&files, keys[i], NULL);
        expect_bad(&files, keys[i], "missing");
    }
    files_done(&files);
}

TEST(wrong_setting_is_named)
{
    struct files files;
    files_init(&files);
    char twice[128];
    snprintf(twice, sizeof twice, "agency = H55.24\nagency = H55.25");
    char nine[256] = "endpoint = tcp://a:1", many[512] = "endpoint = tcp://a:1";
    for (int i = 0; i < 8; i++)
        strcat(nine, ", tcp://a:1");
    for (int i = 0; i < 9; i++)
        strcat(many, "\nendpoint = tcp://some-machine.binhthuan.gov.vn:5670");
    char long_path[128] = "endpoint = ipc:///";
    memset(long_path + strlen(long_path), 'x', 107);
    const struct {
        const char *key, *instead, *words;
    } wrong[] = {
        {"endpoint", "endpoint = 127.0.0.1:5670", "tcp://HOST:PORT"},
        {"endpoint", "endpoint = tcp://", "tcp://HOST:PORT"},
        {"endpoint", "endpoint = tcp://host", "tcp://HOST:PORT"},
        {"endpoint", "endpoint = tcp://:5670", "tcp://HOST:PORT"},
        {"endpoint", "endpoint = tcp://host:0", "tcp://HOST:PORT"},
        {"endpoint", "endpoint = tcp://host:65536", "tcp://HOST:PORT"},
        {"endpoint", "endpoint = tcp://host:5670x", "tcp://HOST:PORT"},
        {"endpoint", "endpoint = ipc://", "ipc://PATH"},
        {"endpoint", long_path, "107 bytes"},
        {"endpoint", "endpoint = tcp://a:1, b:2", "tcp://HOST:PORT"},
        {"endpoint", "endpoint = tcp://a:1,", "tcp://HOST:PORT"},
        {"endpoint", "endpoint = tcp://a:1\nendpoint = b:2", "tcp://HOST:PORT"},
        {"endpoint", nine, "more than 8"},
        {"endpoint", many, "longer than 199"},
        {"server_key", "server_key = abc", "40 characters of Z85"},
        {"server_key", "server_key = ''''''''''''''''''''''''''''''''''''''''", "Z85"},
        {"public_key", "public_key = ", "missing"},
        {"public_key", "public_key = 12345678901234567890123456789012345678901234567890", "longer than 40"},
        {"agency", twice, "twice"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        put_with(&files, wrong[i].key, wrong[i].instead);
        expect_bad(&files, wrong[i].key, wrong[i].words);
    }
    char others[64];
    snprintf(others, sizeof others, "public_key = %s", files.server_key);
    put_with(&files, "public_key", others);
    expect_bad(&files, "public_key", "does not belong");
    put_with(&files, "agency", "agency H55.24");
    expect_bad(&files, "", "line 3");
    files_done(&files);
}

TEST(file_that_others_read_is_refused_with_its_mode)
{
    struct files files;
    files_init(&files);
    put_with(&files, NULL, NULL);
    struct coord_context context;
    const mode_t bad[] = {0644, 0604, 0602, 0660, 0601};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char words[16];
        snprintf(words, sizeof words, "%04o", (unsigned)bad[i]);
        assert_int_equal(chmod(files.path, bad[i]), 0);
        expect_bad(&files, "", words);
    }
    const mode_t good[] = {0400, 0600, 0640, 0440};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(chmod(files.path, good[i]), 0);
        assert_int_equal(coord_context_load(&context, files.path, NULL), 0);
    }
    files_done(&files);
}

TEST(what_is_no_file_or_no_context_is_refused)
{
    struct files files;
    files_init(&files);
    expect_bad(&files, "", "No such file");
    char *large = malloc(20001);
    memset(large, '#', 20000);
    large[20000] = 0;
    put(files.path, large, 0600);
    free(large);
    expect_bad(&files, "", "larger than");
    unlink(files.path);
    assert_int_equal(mkdir(files.path, 0700), 0);
    expect_bad(&files, "", "not a file");
    assert_int_equal(rmdir(files.path), 0);
    assert_int_equal(mkfifo(files.path, 0600), 0);
    expect_bad(&files, "", "not a file");
    struct coord_context context;
    assert_int_equal(coord_context_load(&context, NULL, NULL), COORD_E_BAD_ARGUMENT);
    assert_int_equal(coord_context_load(NULL, files.path, NULL), COORD_E_BAD_ARGUMENT);
    files_done(&files);
}

TEST(context_is_found_by_name)
{
    struct files files;
    files_init(&files);
    char path[COORD_PATH_MAX], directory[256], wanted[512];
    struct problem problem = {0};
    setenv("XDG_CONFIG_HOME", files.directory, 1);
    unsetenv("COORD_CONTEXT");
    assert_int_equal(coord_context_path(path, "no-such-context", &problem), COORD_E_BAD_CONTEXT);
    assert_non_null(strstr(problem.message, "no-such-context"));
    assert_non_null(strstr(problem.message, "/etc/coord/contexts"));

    snprintf(directory, sizeof directory, "%s/coord", files.directory);
    assert_int_equal(mkdir(directory, 0700), 0);
    snprintf(directory, sizeof directory, "%s/coord/contexts", files.directory);
    assert_int_equal(mkdir(directory, 0700), 0);
    snprintf(files.path, sizeof files.path, "%s/default.context", directory);
    put_with(&files, NULL, NULL);
    struct coord_context context;
    assert_int_equal(coord_context_find(&context, NULL, &problem), 0);
    assert_int_equal(coord_context_path(path, NULL, NULL), 0);
    assert_string_equal(path, files.path);

    snprintf(wanted, sizeof wanted, "%s/other.context", directory);
    assert_int_equal(rename(files.path, wanted), 0);
    setenv("COORD_CONTEXT", "other", 1);
    assert_int_equal(coord_context_path(path, NULL, NULL), 0);
    assert_string_equal(path, wanted);
    assert_int_equal(coord_context_path(path, "default", NULL), COORD_E_BAD_CONTEXT);
    setenv("COORD_CONTEXT", wanted, 1);
    assert_int_equal(coord_context_find(&context, NULL, NULL), 0);
    assert_int_equal(coord_context_path(path, "./elsewhere", NULL), 0);
    assert_string_equal(path, "./elsewhere");

    unsetenv("COORD_CONTEXT");
    unsetenv("XDG_CONFIG_HOME");
    unlink(wanted);
    rmdir(directory);
    snprintf(directory, sizeof directory, "%s/coord", files.directory);
    rmdir(directory);
    files_done(&files);
}

TEST(saved_context_is_read_again_by_its_owner_alone)
{
    struct files files;
    files_init(&files);
    struct coord_context context = {.endpoint = "ipc:///run/coordd/coordd.sock", .agency = "H55.24"}, again;
    struct problem problem;
    assert_int_equal(coord_context_save(&context, files.path, &problem), COORD_E_BAD_CONTEXT);
    assert_int_equal(access(files.path, F_OK), -1);
    memcpy(context.server_key, files.server_key, 41);
    memcpy(context.public_key, files.public_key, 41);
    memcpy(context.secret_key, files.secret_key, 41);
    put(files.path, "older", 0644);
    assert_int_equal(coord_context_save(&context, files.path, &problem), 0);
    struct stat status;
    assert_int_equal(stat(files.path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(coord_context_load(&again, files.path, &problem), 0);
    assert_string_equal(again.endpoint, context.endpoint);
    assert_string_equal(again.secret_key, context.secret_key);
    assert_int_equal(coord_context_save(&context, "/no-such-directory/x", &problem), COORD_E_SYSTEM);
    assert_non_null(strstr(problem.message, "/no-such-directory/x"));
    test_saw(&problem);
    files_done(&files);
}

TEST(open_demands_a_good_context)
{
    struct coord_context context = {.endpoint = "tcp://127.0.0.1:5670"};
    struct coord *coord = NULL;
    struct problem problem;
    assert_int_equal(coord_open(&coord, &context, NULL, &problem), COORD_E_BAD_CONTEXT);
    assert_string_equal(problem.field, "server_key");
    assert_int_equal(coord_open(&coord, NULL, NULL, &problem), COORD_E_BAD_ARGUMENT);
    assert_null(coord);
}
