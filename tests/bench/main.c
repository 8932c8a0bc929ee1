/* Runs the benchmarks: bench --coordd PROGRAM [--row NAME] [--seconds S] [--full] [--json FILE]
 * With --no-floor the value alone is measured: for a profiler, not for a verdict. */
#include <getopt.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/bench.h"

#define ROUNDS 5

static const struct row *const rows[] = {
    &updates_row,         &batches_row,
    &latency_row,         &checkpoint_row,
    &fanout_100_row,      &fanout_1000_row,
    &deadlines_row,       &burst_row,
    &memory_row,          &restart_row,
    &growth_row,          &slow_disk_row,
    &slow_disk_256_row,   &step_row,
    &allocations_row,     &lists_row,
    &updates_pg_row,      &batches_pg_row,
    &updates_pg_sync_row, &batches_pg_sync_row,
    &follower_lag_row,    &fanout_followers_row,
    &updates_one_row,     &cpu_row,
    &journal_row,
};

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

struct outcome {
    double value, floor, ratio;
    bool met;
};

static bool attains(enum sense sense, double figure, double goal)
{
    return sense == AT_LEAST ? figure >= goal : figure <= goal;
}

static struct outcome measure(const struct row *row, const struct bench *bench)
{
    double values[ROUNDS], floors[ROUNDS];
    const int rounds = bench->rounds ? bench->rounds : row->rounds ? row->rounds : ROUNDS;
    struct outcome outcome = {0};
    if (row->begin)
        row->begin(bench);
    for (int i = 0; i < rounds; i++) {
        values[i] = row->value(bench);
        floors[i] = row->floor && !bench->no_floor ? row->floor(bench) : 0;
    }
    if (row->end)
        row->end(bench);
    outcome.value = median(values, rounds);
    outcome.floor = row->floor ? median(floors, rounds) : 0;
    outcome.ratio = row->floor ? outcome.value / outcome.floor : outcome.value;
    outcome.met = attains(row->sense, outcome.ratio, row->goal) &&
                  (row->value_goal == 0 || attains(row->sense, outcome.value, row->value_goal));
    return outcome;
}

static void print_row(const struct row *row, const struct outcome *outcome)
{
    char floor[32] = "—", ratio[32] = "—";
    if (row->floor) {
        snprintf(floor, sizeof floor, "%.6g", outcome->floor);
        snprintf(ratio, sizeof ratio, "%.2f", outcome->ratio);
    }
    printf("%-16s %12.6g %-12s floor %-10s ratio %-6s goal %s %-6g %s\n", row->name, outcome->value, row->unit, floor,
           ratio, row->sense == AT_LEAST ? "≥" : "≤", row->goal, outcome->met ? "met" : "MISSED");
    fflush(stdout);
}

static void write_json(FILE *file, const struct row *row, const struct outcome *outcome, bool first)
{
    fprintf(file, "%s  {\"row\": \"%s\", \"value\": %.6g, \"unit\": \"%s\", ", first ? "" : ",\n", row->name,
            outcome->value, row->unit);
    if (row->floor)
        fprintf(file, "\"floor\": %.6g, \"ratio\": %.4g, ", outcome->floor, outcome->ratio);
    else
        fprintf(file, "\"floor\": null, \"ratio\": null, ");
    fprintf(file, "\"goal\": %g, \"met\": %s}", row->goal, outcome->met ? "true" : "false");
}

static int run_rows(const struct bench *bench, const char *only, FILE *json)
{
    int found = 0, missed = 0;
    fputs("[\n", json);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (only && strcmp(only, rows[i]->name) != 0)
            continue;
        const struct outcome outcome = measure(rows[i], bench);
        print_row(rows[i], &outcome);
        write_json(json, rows[i], &outcome, found == 0);
        fflush(json);
        found++;
        missed += !outcome.met;
    }
    fputs("\n]\n", json);
    if (found == 0) {
        fprintf(stderr, "bench: no row `%s`; there are", only);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
            fprintf(stderr, " %s", rows[i]->name);
        fputc('\n', stderr);
        return 64;
    }
    printf("%d rows, %d missed their goal\n", found, missed);
    return 0;
}

/* Of the clients, which are forked: coord(3), MEMORY. */
static void keep_memory(void)
{
    mallopt(M_TRIM_THRESHOLD, 32 << 20);
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TOP_PAD, 1 << 20);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"coordd", required_argument, NULL, 'c'},    {"directory", required_argument, NULL, 'd'},
        {"slow-sync", required_argument, NULL, 'l'}, {"row", required_argument, NULL, 'r'},
        {"seconds", required_argument, NULL, 's'},   {"full", no_argument, NULL, 'f'},
        {"rounds", required_argument, NULL, 'o'},    {"no-floor", no_argument, NULL, 'n'},
        {"json", required_argument, NULL, 'j'},      {NULL, 0, NULL, 0}};
    struct bench bench = {.rig = {"build/coordd", "build/bench"}, .slow_sync = "build/slow_sync.so", .seconds = 3};
    const char *row = NULL, *json = "build/bench.json";
    keep_memory();
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'c':
            bench.rig.coordd = optarg;
            break;
        case 'd':
            bench.rig.directory = optarg;
            break;
        case 'l':
            bench.slow_sync = optarg;
            break;
        case 'r':
            row = optarg[0] ? optarg : NULL;
            break;
        case 's':
            bench.seconds = atof(optarg);
            break;
        case 'f':
            bench.full = true;
            break;
        case 'o':
            bench.rounds = atoi(optarg);
            break;
        case 'n':
            bench.no_floor = true;
            break;
        case 'j':
            json = optarg;
            break;
        default:
            return 64;
        }
    }
    FILE *file = fopen(json, "w");
    if (!file)
        rig_die("%s cannot be written", json);
    const int code = run_rows(&bench, row, file);
    fclose(file);
    return code;
}
