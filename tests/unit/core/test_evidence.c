/* The proof of work: in pieces, as one piece for programs of 1.0.0, and asked for by a policy. */
#include <stdio.h>
#include <string.h>

#include "core/pack.h"
#include "unit/core/ladder.h"
#include "unit/core/rows.h"
#include "unit/core/world.h"
#include "unit/test.h"

static const char hash_a[] = "0123456789abcdef0123456789abcdef", hash_b[] = "fedcba9876543210fedcba9876543210";

static struct msg_evidence_file piece(const char *name, uint64_t size, const char *hash)
{
    struct msg_evidence_file file = {0};
    MSG_SET(&file, evidence_file, name, text_of(name));
    if (size)
        MSG_SET(&file, evidence_file, size, size);
    if (hash)
        MSG_SET(&file, evidence_file, sha256, ((struct text){hash, 32}));
    return file;
}

static struct msg_progress progress_with(uint64_t task, const struct msg_evidence_file *files, uint32_t count)
{
    struct msg_progress progress = {0};
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&progress, progress, evidence_files, ((struct msg_evidence_file_items){files, count}));
    return progress;
}

static uint64_t accepted(struct world *world, const char *reference)
{
    uint64_t task = world_assign(world, "huyen", "xa1", reference, NULL);
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    return task;
}

static const struct msg_task *get(struct world *world, uint64_t task)
{
    struct msg_task_get get = {0};
    MSG_SET(&get, task_get, task, task);
    assert_int_equal(world_send(world, "huyen", OP_TASK_GET, &get), 0);
    return &WORLD_REPLY(world, task_reply)->task;
}

static void has_files(const struct msg_evidence_file_items *files, const struct msg_evidence_file *wanted,
                      uint32_t count)
{
    assert_int_equal(files->count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(files->items[i].has, wanted[i].has);
        assert_int_equal(files->items[i].size, wanted[i].size);
        assert_true(text_equal(files->items[i].name, wanted[i].name));
        assert_true(text_equal(files->items[i].sha256, wanted[i].sha256));
    }
}

static void refused(const struct world *world, int error, const char *field)
{
    assert_int_equal(world->error, error);
    assert_true(text_equal(world->refusal.field, text_of(field)));
}

TEST(each_piece_of_proof_is_kept_with_its_record_and_with_the_task)
{
    struct world *world = world_new();
    const uint64_t task = accepted(world, "HT-1");
    const struct msg_evidence_file files[] = {piece("biên bản.pdf", 81234, hash_a),
                                              piece("https://xa1.vn/anh", 0, NULL), piece("rỗng.txt", 0, hash_b)};
    const struct msg_progress report = progress_with(task, files, 3);
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &report), 0);
    has_files(&world_record(world, world->record_count)->evidence_files, files, 3);
    has_files(&get(world, task)->evidence_files, files, 3);
    const struct msg_progress submit = progress_with(task, files + 1, 1);
    assert_int_equal(world_send(world, "xa1", OP_SUBMIT, &submit), 0);
    has_files(&get(world, task)->evidence_files, files + 1, 1);
    has_files(&world_record(world, world->record_count - 1)->evidence_files, files, 3);
    world_free(world);
}

TEST(programs_that_know_one_piece_give_and_read_one)
{
    struct world *world = world_new();
    const uint64_t task = accepted(world, "HT-1");
    const struct msg_evidence_file files[] = {piece("a.pdf", 5, hash_a), piece("b.pdf", 6, hash_b)};
    struct msg_progress progress = progress_with(task, files, 2);
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &progress), 0);
    const struct msg_record *record = world_record(world, world->record_count);
    assert_true(text_equal(record->evidence, TEXT("a.pdf")) && text_equal(record->evidence_sha256, files[0].sha256));
    const struct msg_task *now = get(world, task);
    assert_true(text_equal(now->evidence, TEXT("a.pdf")) && text_equal(now->evidence_sha256, files[0].sha256));
    progress = (struct msg_progress){0};
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&progress, progress, evidence, TEXT("https://xa1.vn/bb"));
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &progress), 0);
    const struct msg_evidence_file url = piece("https://xa1.vn/bb", 0, NULL);
    now = get(world, task);
    has_files(&now->evidence_files, &url, 1);
    assert_false(MSG_HAS(now, task, evidence_sha256)); /* it was the other file's */
    MSG_SET(&progress, progress, evidence, TEXT(""));
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &progress), 0);
    now = get(world, task);
    assert_false(MSG_HAS(now, task, evidence) || MSG_HAS(now, task, evidence_files));
    world_free(world);
}

TEST(one_piece_has_a_name_as_several_have)
{
    struct world *world = world_new();
    const uint64_t task = accepted(world, "HT-1");
    const char *const names[] = {" ", "a\nb", "\342\200\256a"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct msg_progress progress = {0};
        MSG_SET(&progress, progress, task, task);
        MSG_SET(&progress, progress, evidence, text_of(names[i]));
        assert_int_not_equal(world_send(world, "xa1", OP_SUBMIT, &progress), 0);
        assert_true(text_equal(world->refusal.field, TEXT("evidence")));
    }
    world_free(world);
}

TEST(proof_that_is_not_mentioned_stays_and_none_withdraws_it)
{
    struct world *world = world_new();
    const uint64_t task = accepted(world, "HT-1");
    const struct msg_evidence_file file = piece("a.pdf", 5, hash_a);
    struct msg_progress progress = progress_with(task, &file, 1);
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &progress), 0);
    assert_int_equal(world_act(world, "xa1", OP_REPORT, task), 0);
    has_files(&get(world, task)->evidence_files, &file, 1);
    progress = progress_with(task, NULL, 0);
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &progress), 0);
    const struct msg_task *now = get(world, task);
    assert_false(MSG_HAS(now, task, evidence) || MSG_HAS(now, task, evidence_sha256) ||
                 MSG_HAS(now, task, evidence_files));
    world_free(world);
}

TEST(one_piece_beside_several_is_their_first_or_refused)
{
    struct world *world = world_new();
    const uint64_t task = accepted(world, "HT-1");
    const struct msg_evidence_file files[] = {piece("a.pdf", 5, hash_a), piece("b.pdf", 6, NULL)};
    struct msg_progress progress = progress_with(task, files, 2);
    MSG_SET(&progress, progress, evidence, TEXT("b.pdf"));
    world_send(world, "xa1", OP_REPORT, &progress);
    refused(world, COORD_E_BAD_VALUE, "evidence");
    MSG_SET(&progress, progress, evidence, TEXT("a.pdf"));
    MSG_SET(&progress, progress, evidence_sha256, ((struct text){hash_b, 32}));
    world_send(world, "xa1", OP_REPORT, &progress);
    refused(world, COORD_E_BAD_VALUE, "evidence_sha256");
    MSG_SET(&progress, progress, evidence_sha256, ((struct text){hash_a, 32}));
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &progress), 0);
    progress = progress_with(task, NULL, 0);
    MSG_SET(&progress, progress, evidence, TEXT("a.pdf"));
    world_send(world, "xa1", OP_REPORT, &progress);
    refused(world, COORD_E_BAD_VALUE, "evidence");
    const struct msg_evidence_file lines = piece("hai\ndòng", 5, hash_a);
    progress = progress_with(task, &lines, 1);
    world_send(world, "xa1", OP_REPORT, &progress);
    refused(world, COORD_E_BAD_VALUE, "evidence_files[0].name");
    world_free(world);
}

TEST(sixteen_pieces_are_kept_and_seventeen_refused)
{
    struct world *world = world_new();
    const uint64_t task = accepted(world, "HT-1");
    struct msg_evidence_file files[17];
    char names[17][16];
    for (unsigned i = 0; i < 17; i++) {
        snprintf(names[i], sizeof names[i], "%u.pdf", i);
        files[i] = piece(names[i], i + 1, hash_a);
    }
    struct msg_progress progress = progress_with(task, files, 17);
    world_send(world, "xa1", OP_SUBMIT, &progress);
    refused(world, COORD_E_OUT_OF_RANGE, "evidence_files");
    progress = progress_with(task, files, 16);
    assert_int_equal(world_send(world, "xa1", OP_SUBMIT, &progress), 0);
    has_files(&get(world, task)->evidence_files, files, 16);
    world_free(world);
}

/* As a record of 1.0.0 has it: the state after it is what it was then, another file's SHA-256 with it. */
TEST(a_record_from_before_there_were_pieces_makes_what_it_made)
{
    struct world *world = world_new();
    const uint64_t task = accepted(world, "HT-1");
    struct msg_progress progress = {0};
    MSG_SET(&progress, progress, task, task);
    MSG_SET(&progress, progress, evidence, TEXT("a.pdf"));
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &progress), 0);
    struct msg_record old = *world_record(world, world->record_count);
    old.has &= ~MSG_BIT(record, evidence_files);
    old.evidence_files = (struct msg_evidence_file_items){0};
    old.previous = old.seq;
    old.version++;
    MSG_SET(&old, record, request, TEXT("of-before"));
    MSG_SET(&old, record, evidence, TEXT("b.pdf"));
    MSG_SET(&old, record, evidence_sha256, ((struct text){hash_a, 32}));
    world_put_record(world, &old);
    const struct pack *pack = core_task(world->core, task)->pack;
    assert_true(text_equal(pack_text(pack, PACK_EVIDENCE), TEXT("b.pdf")));
    assert_int_equal(pack_text(pack, PACK_EVIDENCE_SHA256).size, 32);
    world_free(world);
}

/* ---- when it is asked for ---- */

static void set_policy(struct world *world, const char *id, int evidence)
{
    struct msg_policy_set set = {0};
    MSG_SET(&set.policy, policy, policy, text_of(id));
    MSG_MARK(&set.policy, policy, steps);
    if (evidence)
        MSG_SET(&set.policy, policy, evidence, evidence);
    MSG_MARK(&set, policy_set, policy);
    assert_int_equal(world_send(world, "tinh", OP_POLICY_SET, &set), 0);
}

static uint64_t accepted_under(struct world *world, const char *policy, const char *reference)
{
    struct text xa1 = TEXT("xa1");
    struct msg_assign assign = {0};
    MSG_SET(&assign, assign, reference, text_of(reference));
    MSG_SET(&assign, assign, leads, ((struct texts){&xa1, 1}));
    MSG_SET(&assign, assign, policy, text_of(policy));
    MSG_SET(&assign.content, content, title, TEXT("Rà soát"));
    MSG_MARK(&assign, assign, content);
    assert_int_equal(world_send(world, "huyen", OP_ASSIGN, &assign), 0);
    const uint64_t task = WORLD_REPLY(world, change_reply)->tasks.items[0].task;
    assert_int_equal(world_act(world, "xa1", OP_ACCEPT, task), 0);
    return task;
}

TEST(a_policy_that_asks_for_proof_refuses_a_submission_without)
{
    struct world *world = world_new();
    set_policy(world, "chat", PROOF_REQUIRED);
    const uint64_t task = accepted_under(world, "chat", "HT-1");
    const struct msg_evidence_file file = piece("a.pdf", 5, hash_a);
    struct msg_progress progress = progress_with(task, &file, 1);
    assert_int_equal(world_act(world, "xa1", OP_REPORT, task), 0); /* a report needs none… */
    assert_int_equal(world_send(world, "xa1", OP_REPORT, &progress), 0);
    world_act(world, "xa1", OP_SUBMIT, task); /* …and one that brought some is no submission */
    refused(world, COORD_E_EVIDENCE_REQUIRED, "evidence_files");
    struct msg_progress none = progress_with(task, NULL, 0);
    world_send(world, "xa1", OP_SUBMIT, &none);
    refused(world, COORD_E_EVIDENCE_REQUIRED, "evidence_files");
    assert_int_equal(world_send(world, "xa1", OP_SUBMIT, &progress), 0);
    assert_int_equal(world_act(world, "huyen", OP_REJECT, task), 0);
    world_act(world, "xa1", OP_SUBMIT, task);
    refused(world, COORD_E_EVIDENCE_REQUIRED, "evidence_files");
    struct msg_progress one = {0};
    MSG_SET(&one, progress, task, task);
    MSG_SET(&one, progress, evidence, TEXT("https://xa1.vn/bb"));
    assert_int_equal(world_send(world, "xa1", OP_SUBMIT, &one), 0);
    world_free(world);
}

TEST(a_task_is_asked_for_proof_as_the_version_says_that_it_was_given_under)
{
    struct world *world = world_new();
    set_policy(world, "chat", 0);
    const uint64_t before = accepted_under(world, "chat", "HT-1");
    set_policy(world, "chat", PROOF_REQUIRED);
    const uint64_t asked = accepted_under(world, "chat", "HT-2");
    set_policy(world, "chat", PROOF_OPTIONAL);
    const uint64_t after = accepted_under(world, "chat", "HT-3");
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, before), 0);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, asked), COORD_E_EVIDENCE_REQUIRED);
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, after), 0);
    struct core *restored = world_restore(world, NULL, 0, 0);
    core_free(world->core);
    world->core = restored;
    assert_int_equal(world_act(world, "xa1", OP_SUBMIT, asked), COORD_E_EVIDENCE_REQUIRED);
    world_free(world);
}

/* ---- on disk ---- */

TEST(bytes_that_are_no_piece_of_proof_are_found)
{
    const struct msg_evidence_file whole = piece("a.pdf", 5, hash_a);
    struct msg_evidence_file read;
    struct buffer bytes = {0};
    pack_add(&bytes, PACK_REFERENCE, TEXT("HT-1"));
    pack_add(&bytes, PACK_TITLE, TEXT("Việc"));
    const size_t begin = bytes.size;
    pack_add_file(&bytes, PACK_EVIDENCE_FILES, &whole);
    struct text item = {(const char *)bytes.data + begin + 2, (uint32_t)(bytes.size - begin - 2)};
    assert_true(pack_item_file(item, &read) && text_equal(read.name, whole.name));
    assert_true(pack_check((struct text){(const char *)bytes.data, (uint32_t)bytes.size}));
    for (uint32_t size = 0; size < 1 + 8 + 32 + 1; size++) /* no byte of the name is there */
        assert_false(pack_item_file((struct text){item.data, size}, &read));
    char *first = (char *)bytes.data + begin + 2;
    *first = 4;
    assert_false(pack_check((struct text){(const char *)bytes.data, (uint32_t)bytes.size}));
    *first = 3;
    first[8] = (char)0x80; /* a size that no file has */
    assert_false(pack_check((struct text){(const char *)bytes.data, (uint32_t)bytes.size}));
    buffer_done(&bytes);
}
