/* The table of commands: help, completion and the manual page are walks over it. */
#ifndef COORDCTL_COMMANDS_H
#define COORDCTL_COMMANDS_H

#include "arguments.h"
#include "message.h"

struct session;

struct command {
    const char *noun;
    const char *verb;     /* "" when the noun is the whole command */
    const char *operands; /* as help shows them: "TASK" */
    int operands_min, operands_max;
    enum value_kind operand_kind;
    const char *options;                 /* names of options, by spaces */
    enum op op;                          /* the request that it makes; OP_NONE when it is more than one, or none */
    bool local;                          /* it needs no broker */
    int (*run)(struct session *session); /* returns the exit code */
    const char *sentence;
    const char *required; /* options that it does not run without, by spaces; of alternatives, one: "to|children-of" */
    const char *example;  /* a line that it takes, from its first word on; NULL when that goes without saying */
};

extern const struct command commands[]; /* ends with a NULL noun */

/* "task assign". Static, until the next call. */
const char *command_title(const struct command *command);
/* The command that the first words name; *words is how many of them. NULL, and told on stderr, when there is none. */
const struct command *command_find(int argc, char **argv, int *words);

/* Whether it can be done in the name of an agency that one's own stands in for: where its request takes a name. */
bool command_takes_name(const struct command *command);

/* Whether it only reads, so that any broker of the store may answer it. */
bool command_reads(const struct command *command);

/* What a key must have the right to, for the command's request: "act"; NULL when any key will do, or when it is more than one. */
const char *command_right(const struct command *command);

/* "--title TEXT", "--out FILE or --public-key KEY": one word of a command's `required`. */
void command_required_text(const struct command *command, const char *word, char *text, size_t size);

/* task.c */
int task_assign(struct session *session);
int task_change(struct session *session);
/* What a change made of tasks: a table, or JSON. */
void task_show_changes(const struct session *session, const struct msg_change_reply *reply);
int task_list(struct session *session);
int task_show(struct session *session);
int task_history(struct session *session);
int task_inbox(struct session *session);
/* What the options say of a task's content, and of who is to lead: exit codes. */
int task_fill_content(struct session *session, struct msg_content *content, struct problem *problem);
int task_fill_to(struct session *session, struct texts *to, struct problem *problem);
/* custody.c */
int task_custody(struct session *session);
int agency_custody(struct session *session);
/* explain.c */
int task_explain(struct session *session);
/* escalation.c */
int escalation_list(struct session *session);
int escalation_acknowledge(struct session *session);
/* part.c */
int part_list(struct session *session);
/* request.c */
int request_list(struct session *session);
/* opinion.c, circular.c */
int opinion_list(struct session *session);
int circular(struct session *session);
/* target.c */
int target_list(struct session *session);
int target_show(struct session *session);
int target_set(struct session *session);
/* schedule.c */
int schedule_list(struct session *session);
int schedule_show(struct session *session);
int schedule_set(struct session *session);
int schedule_end(struct session *session);
/* agency.c */
int agency_list(struct session *session);
int agency_set(struct session *session);
int agency_close(struct session *session);
int agency_succeed(struct session *session);
/* stand_in.c */
int agency_stand_in(struct session *session);
/* key.c */
int key_list(struct session *session);
int key_new(struct session *session);
int key_set_command(struct session *session);
int key_revoke(struct session *session);
/* calendar.c */
int calendar_list(struct session *session);
int calendar_show(struct session *session);
int calendar_count(struct session *session);
int policy_list(struct session *session);
int policy_show(struct session *session);
/* document.c, coverage.c */
int document_list(struct session *session);
int document_show(struct session *session);
int document_set(struct session *session);
int document_withdraw(struct session *session);
int document_replace(struct session *session);
int document_coverage(struct session *session);
/* hot_spot.c */
int hot_spot_list(struct session *session);
int hot_spot_show(struct session *session);
int hot_spot_set(struct session *session);
int hot_spot_remove(struct session *session);
/* watch.c */
int watch(struct session *session);
/* leader.c */
int leader_hand_over(struct session *session);
/* broker.c, doctor.c */
int broker_status(struct session *session);
int broker_load(struct session *session);
int broker_backup(struct session *session);
int broker_doctor(struct session *session);
int clock_accept(struct session *session);
int store_show(struct session *session);
int store_set(struct session *session);
/* context.c */
int context_show(struct session *session);
int context_list(struct session *session);
/* Every context that is found by name. */
void contexts_visit(void (*visit)(void *user, const char *name, const char *path), void *user);
/* apply.c, report.c */
int apply(struct session *session);
int report(struct session *session);
/* help.c */
int help(struct session *session);
int help_of(const struct command *command);
void help_all(void);
int completion(struct session *session);
int manual(struct session *session);
int version(struct session *session);
/* web.c */
int web_login(struct session *session);
/* complete.c */
int complete(struct session *session);

#endif
