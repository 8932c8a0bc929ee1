# coordd: everything that can be made.  `make help` lists the targets.

B ?= build
PREFIX ?= /usr
DESTDIR ?=
PYTHON ?= /usr/bin/python3
VERSION := 1.0.0

OPTIMISE ?= -O2
SANITIZE ?=
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
CPPFLAGS += -D_GNU_SOURCE -DCOORDD_VERSION='"$(VERSION)"' -Iprotocol -Idaemon -Iclients/libcoord -Iclients/common -I$(B)
# Nobody puts another function in the place of one of ours: calls within a file may be inlined.
CFLAGS += -std=c11 -g $(OPTIMISE) -fPIC -fno-semantic-interposition -fno-omit-frame-pointer $(WARNINGS)
LDFLAGS += -pthread
ifneq ($(SANITIZE),)
CFLAGS += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all
LDFLAGS += -fsanitize=$(SANITIZE)
endif
CFLAGS += $(CFLAGS_COVERAGE)

# V=1 shows each command whole.
ifeq ($(V),)
Q := @
say = @echo "  $(1)  $@"
endif

# A room is a directory of sources and the rooms below it: what it may call is what it is linked with.
ROOMS := protocol base core journal loop libcoord common coordctl relay web
DIR_protocol := protocol
DIR_base := daemon/base
DIR_core := daemon/core
DIR_journal := daemon/journal
DIR_loop := daemon/loop
DIR_libcoord := clients/libcoord
DIR_common := clients/common
DIR_coordctl := clients/coordctl
DIR_relay := clients/relay
DIR_web := clients/web
USES_protocol := protocol
USES_base := base protocol
USES_core := core base protocol
USES_journal := journal core base protocol
USES_daemon := daemon loop journal core base protocol
USES_loop := $(USES_daemon)
USES_libcoord := libcoord protocol
USES_common := common protocol
USES_coordctl := coordctl common libcoord protocol
USES_relay := relay common libcoord protocol
USES_web := web common libcoord protocol
LIBS_protocol := -lmsgpackc
LIBS_daemon := -lzmq -luv -lsqlite3 -lpq -lsodium -linih -lsystemd -lutf8proc -lmsgpackc -lm
LIBS_base := -lsodium -lutf8proc -lmsgpackc
LIBS_core := $(LIBS_base)
LIBS_journal := $(LIBS_base) -lsqlite3 -lpq
LIBS_loop := $(LIBS_daemon)
LIBS_libcoord := -lzmq -linih -lmsgpackc
# Allocations go through a wrapper that a test can make fail.
LDFLAGS_UNIT_libcoord := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc
LDFLAGS_UNIT_base := -Wl,--wrap=malloc,--wrap=calloc,--wrap=reallocarray
LIBS_common := -ljansson -lyaml -lutf8proc -lmsgpackc -lsqlite3 -lsodium
LIBS_coordctl := $(LIBS_libcoord) -ljansson -lsmartcols -lical -lutf8proc -lsodium
LIBS_relay := $(LIBS_libcoord) $(LIBS_common) -lcurl -lmicrohttpd -lsodium -lsystemd
LIBS_web := $(LIBS_libcoord) $(LIBS_common) -lmicrohttpd -lz -lsodium -lsystemd -lical

EXAMPLES := $(patsubst clients/libcoord/%.c,%,$(wildcard clients/libcoord/example*.c))
NOT_IN_LIBRARY := daemon/main.c $(EXAMPLES:%=clients/libcoord/%.c) clients/coordctl/main.c clients/relay/main.c clients/web/main.c
sources = $(filter-out $(NOT_IN_LIBRARY),$(wildcard $(1)/*.c))
objects = $(patsubst %.c,$(B)/%.o,$(1))
archives = $(foreach room,$(1),$(B)/lib$(room).a)
link = $(if $(Q),@echo "  LD  $@" && )$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(1)

FRONT := clients/web/front
FRONT_SOURCES := $(shell find $(FRONT) \( -name node_modules -o -name dist \) -prune -o -type f -print)

PROGRAMS := $(B)/coordd $(B)/coordctl $(B)/coord-relay $(B)/coord-web
TOOLS := $(patsubst tests/tools/%.c,$(B)/tools/%,$(wildcard tests/tools/*.c))
MANUALS := $(addprefix $(B)/man/,coordd.8 coordd-cluster.7 coordd.conf.5 coordctl.1 coord-apply.5 coord.3 coord-relay.1 coord-relay.conf.5 coord-web.1 coord-web.conf.5)
UNIT_SOURCES := $(wildcard tests/unit/*/test_*.c)
UNIT_TESTS := $(patsubst tests/unit/%.c,$(B)/unit/%,$(UNIT_SOURCES))

.PHONY: all help setup build demo run check check-unit check-walls check-errors check-reference check-contributing check-msgpack \
        check-systemd check-admin check-foreign check-install cluster-check \
        check-running check-scenarios check-relay check-web check-asan check-tsan check-clang check-valgrind docs install format format-check clean sim \
        sim-many sim-of-several sim-several bench fault steps fuzz fuzz-targets coverage
.DELETE_ON_ERROR:
.SECONDARY:

all: setup
	@$(MAKE) --no-print-directory build

help:
	@echo "all           install what is missing and build"
	@echo "demo          run the Ham Tan programme through a broker, end to end"
	@echo "run           leave such a broker running, and say what to type next"
	@echo "check         all tests that finish in minutes (T=word: only the unit tests named so; STORE=postgresql: the scenarios' stores there)"
	@echo "check-forget  each row of each table is left out in turn, and told (T=word: only the places named so)"
	@echo "check-asan check-tsan check-clang check-valgrind   the same code under other eyes"
	@echo "sim           one seed of the simulator, step by step (SEED=n, STEPS=n); sim-many: SEEDS=n of them"
	@echo "sim-of-several  one seed of several brokers on one PostgreSQL; sim-several: SEEDS=n of them"
	@echo "check-mistakes  the simulator finds each mistake of a list (T=word: only those named so, RUNS=n seeds of each)"
	@echo "fault         faults on the real daemon (ROW=name, FULL=1 for the long form)"
	@echo "steps         what the core counts of costly requests beside what they take (TRIES=n, KIND=name)"
	@echo "fuzz          libFuzzer on what comes from outside (ROW=target, RUNS=n)"
	@echo "coverage      branches that the unit tests and the scenarios take, by gcovr, against their bars"
	@echo "bench         figures beside their floors (ROW=name, FULL=1 for the large sizes)"
	@echo "docs          PROTOCOL.md and the manual pages from their tables"
	@echo "install       put everything where Debian would (DESTDIR=, PREFIX=)"
	@echo "check-admin   README's administrator section, typed on a booted Debian of its own (as root)"
	@echo "check-scenarios  the real daemon over real sockets (T=word: only the files named so, as with check-relay and check-web)"
	@echo "check-relay   mail, webhooks and the rest as the relay delivers them, and the faults (FULL=1 for the long form)"
	@echo "check-web     coord-web's server as browsers and other programs ask it"
	@echo "check-pages   coord-web's pages in a browser: a day of three people, seen live; pictures: of each page; measure-pages: over many tasks (TASKS=n, 100000)"
	@echo "cluster-check three machines of clients/presets/cluster, in namespaces (as root), and each fault (FULL=1 for the long form, ROW='name …')"
	@echo "check-foreign a client in JavaScript, written from PROTOCOL.md, holds a live broker to the page"
	@echo "format format-check   layout by clang-format"
	@echo "V=1           with any of them: show each command whole"

setup:
	@tests/tools/setup.sh build

build: $(PROGRAMS) $(B)/libcoord.so.1 $(addprefix $(B)/,$(EXAMPLES)) $(MANUALS) $(B)/coordctl.bash $(B)/coordd.conf $(FRONT)/dist/index.html

# ---- compiling and linking ----

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The core's switches name every term, so that a new one shows where it has to be thought of; and its functions are declared,
# so that one that a table named is not left over.
CORE_WARNINGS := -Wswitch-enum -Wmissing-prototypes
$(B)/daemon/core/%.o: CFLAGS += $(CORE_WARNINGS)

define room_archive
$(B)/lib$(1).a: $(call objects,$(call sources,$(DIR_$(1))))
	@rm -f $$@
	$$(call say,AR)
	$(Q)$(AR) rcs $$@ $$^
endef
$(foreach room,$(ROOMS),$(eval $(call room_archive,$(room))))

$(B)/libdaemon.a: $(call objects,$(call sources,daemon))
	@rm -f $@
	$(call say,AR)
	$(Q)$(AR) rcs $@ $^

# The store's migrations become one table of C strings, in the order of their numbers.
MIGRATIONS := $(sort $(wildcard daemon/journal/[0-9][0-9][0-9][0-9]-*.sql))
$(B)/gen/journal/migrations.h: $(MIGRATIONS) tests/tools/migrations.sh
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)tests/tools/migrations.sh $(MIGRATIONS) > $@
POSTGRES_MIGRATIONS := $(sort $(wildcard daemon/journal/postgres/[0-9][0-9][0-9][0-9]-*.sql))
$(B)/gen/journal/postgres_migrations.h: $(POSTGRES_MIGRATIONS) tests/tools/migrations.sh
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)tests/tools/migrations.sh $(POSTGRES_MIGRATIONS) > $@
$(call objects,$(wildcard daemon/journal/*.c)): | $(B)/gen/journal/migrations.h $(B)/gen/journal/postgres_migrations.h
$(call objects,daemon/journal/postgres_migrate.c): $(B)/gen/journal/postgres_migrations.h
$(call objects,$(wildcard daemon/journal/sqlite*.c daemon/journal/migrat*.c)): $(B)/gen/journal/migrations.h

$(B)/coordd: $(B)/daemon/main.o $(call archives,$(USES_daemon))
	$(call link,$(LIBS_daemon))

$(B)/coordctl: $(B)/clients/coordctl/main.o $(call archives,$(USES_coordctl))
	$(call link,$(LIBS_coordctl))

$(B)/coord-relay: $(B)/clients/relay/main.o $(call archives,$(USES_relay))
	$(call link,$(LIBS_relay))

$(B)/coord-web: $(B)/clients/web/main.o $(call archives,$(USES_web))
	$(call link,$(LIBS_web))

$(B)/libcoord.so.1: $(call objects,$(call sources,clients/libcoord) $(call sources,protocol)) clients/libcoord/libcoord.map
	$(call say,LD)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,libcoord.so.1 -Wl,--version-script=clients/libcoord/libcoord.map \
	    -o $@ $(filter %.o,$^) $(LIBS_libcoord)

$(addprefix $(B)/,$(EXAMPLES)): $(B)/%: $(B)/clients/libcoord/%.o $(call archives,$(USES_libcoord))
	$(call link,$(LIBS_libcoord) $(if $(findstring uv,$@),-luv))

# ---- the web pages ----

# Built where Node is; where it is not, the programs are built without. What reads the tables is vite.config.ts.
$(FRONT)/dist/index.html: $(FRONT_SOURCES) protocol/terms.def.h daemon/core/actions.def.h
	$(call say,VITE)
	$(Q)$(FRONT)/build.sh || [ $$? = 77 ]

# ---- what is generated for readers ----

$(B)/tools/%: $(B)/tests/tools/%.o $(B)/libprotocol.a
	@mkdir -p $(@D)
	$(call link,$(LIBS_protocol))
$(B)/tools/protocol_reference: $(B)/daemon/core/actions.o # which needs nothing else of the core

$(B)/man/%: $(B)/man/%.scd
	$(call say,GEN)
	$(Q)scdoc < $< > $@

$(B)/man/coordctl.1.scd: $(B)/coordctl
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$(B)/coordctl _manual > $@

$(B)/man/coordd.8.scd $(B)/man/coordd-cluster.7.scd: $(B)/man/%.scd: daemon/%.scd
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)cp $< $@

$(B)/man/coord-relay.1.scd $(B)/man/coord-relay.conf.5.scd: $(B)/man/%.scd: clients/relay/%.scd
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)cp $< $@

$(B)/man/coord-web.1.scd $(B)/man/coord-web.conf.5.scd: $(B)/man/%.scd: clients/web/%.scd
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)cp $< $@

$(B)/man/coordd.conf.5.scd: daemon/coordd.conf.5.scd.in $(B)/tools/config_reference
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$(B)/tools/config_reference $< > $@

# A configuration that says all settings, each with its default, behind a #.
$(B)/coordd.conf: $(B)/tools/config_reference
	$(call say,GEN)
	$(Q)$(B)/tools/config_reference > $@

$(B)/man/coord.3.scd: clients/libcoord/coord.3.scd $(B)/tools/protocol_reference
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$(B)/tools/protocol_reference $< > $@

$(B)/man/coord-apply.5.scd: clients/coordctl/coord-apply.5.scd $(B)/tools/protocol_reference
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)$(B)/tools/protocol_reference $< > $@

$(B)/coordctl.bash: $(B)/coordctl
	$(call say,GEN)
	$(Q)$(B)/coordctl completion bash > $@

docs: $(B)/tools/protocol_reference $(MANUALS)
	$(B)/tools/protocol_reference protocol/PROTOCOL.in.md > protocol/PROTOCOL.md

# ---- running ----

demo:
	@tests/tools/setup.sh build
	@$(MAKE) --no-print-directory build
	@$(PYTHON) tests/demo/run.py --build $(B)

run:
	@tests/tools/setup.sh build
	@$(MAKE) --no-print-directory build
	@$(PYTHON) tests/demo/run.py --build $(B) --keep

# ---- tests ----

# Tests put the errors that they are given on record here.
export ERRORS_SEEN := $(abspath $(B))/errors-seen

check:
	@tests/tools/setup.sh check
	@rm -f $(ERRORS_SEEN)
	@$(MAKE) --no-print-directory build check-unit
ifeq ($(T),)
	@$(MAKE) --no-print-directory check-walls check-contributing check-reference check-msgpack check-systemd check-install check-forget check-vietnamese
	@$(MAKE) --no-print-directory check-running
	@$(MAKE) --no-print-directory check-errors
endif

# tests/unit/ROOM/test_NOUN.c, with what else lies in its directory, on the room's libraries.
define unit_test
$(B)/unit/$(1)/$(2): $(B)/tests/unit/$(1)/$(2).o $(B)/tests/unit/test.o \
    $(call objects,$(filter-out tests/unit/$(1)/test_%,$(wildcard tests/unit/$(1)/*.c))) $(call archives,$(USES_$(1)))
	@mkdir -p $$(@D)
	$$(call link,$$(LDFLAGS_UNIT_$(1)) $$(LIBS_$(1)) -lcmocka)
endef
$(foreach test,$(UNIT_SOURCES),$(eval $(call unit_test,$(notdir $(patsubst %/,%,$(dir $(test)))),$(basename $(notdir $(test))))))
$(B)/tests/unit/%.o: CPPFLAGS += -Itests

# T=word: only those named so; UNIT_ROOMS: only those of these rooms.
UNIT_TESTS_ASKED = $(if $(UNIT_ROOMS),$(filter $(foreach room,$(UNIT_ROOMS),$(B)/unit/$(room)/%),$(UNIT_TESTS)),$(UNIT_TESTS))
check-unit: $(if $(T),$(foreach test,$(UNIT_TESTS),$(if $(findstring $(T),$(test)),$(test))),$(UNIT_TESTS_ASKED))
	@$(PYTHON) tests/abreast.py $^

.PHONY: unit-tests
unit-tests: $(UNIT_TESTS)

check-walls: $(call archives,protocol base core journal loop libcoord common coordctl relay web)
	@tests/walls.sh $(B)

check-reference: $(B)/tools/protocol_reference
	@$(B)/tools/protocol_reference protocol/PROTOCOL.in.md | diff -u protocol/PROTOCOL.md - \
	    || { echo "protocol/PROTOCOL.md is stale: make docs"; exit 1; }

check-contributing:
	@$(PYTHON) tests/contributing.py

# What the web pages show has Vietnamese words.
.PHONY: check-vietnamese
check-vietnamese:
	@$(PYTHON) tests/vietnamese.py

check-msgpack: $(B)/tools/recode
	@$(PYTHON) tests/msgpack.py $(B)/tools/recode

.PHONY: check-forget
check-forget: export FORGET_CC = $(CC)
check-forget: export FORGET_FLAGS = $(CPPFLAGS) -Itests $(CFLAGS)
check-forget: export FORGET_CORE_FLAGS = $(CORE_WARNINGS)
check-forget: export FORGET_LIBS = $(LIBS_coordctl) $(LIBS_core) -lm
check-forget: $(call archives,core base libcoord common coordctl protocol) $(addprefix $(B)/unit/,core/test_authority coordctl/test_commands)
	@$(PYTHON) tests/forget.py $(B) "$(T)"

# Ten minutes: when the simulator, or what it looks at, has changed much.
.PHONY: check-mistakes
check-mistakes: $(B)/sim
	@$(PYTHON) tests/mistakes.py $(B) "$(T)"

check-errors:
	@$(PYTHON) tests/errors.py $(ERRORS_SEEN)

# A client in another language, written from PROTOCOL.md, holds a live broker to the page.
check-foreign: $(PROGRAMS)
	@tests/tools/setup.sh ci
	@COORDD=$(abspath $(B)/coordd) tests/foreign/run.sh

check-install: build
	@tests/install.sh $(B)

check-systemd:
	@tests/systemd.sh

# README's administrator section, typed on a booted machine of its own.
check-admin:
	@tests/tools/setup.sh ci
	@$(MAKE) --no-print-directory build
	@tests/admin.sh

# Tests on real programs, several at once. T=word: only the files named so.
RUNNING := scenario relay web
running = COORDD=$(abspath $(B)/coordd) COORDCTL=$(abspath $(B)/coordctl) COORD_RELAY=$(abspath $(B)/coord-relay) \
    COORD_WEB=$(abspath $(B)/coord-web) STORE=$(STORE) FULL=$(FULL) $(PYTHON) tests/abreast.py \
    $(foreach room,$(1),$(if $(T),$(wildcard tests/$(room)/test_*$(T)*.py),tests/$(room)))
check-running: $(PROGRAMS) $(addprefix $(B)/,$(EXAMPLES))
	@tests/tools/setup.sh check
	@$(call running,$(RUNNING))
# A real broker, and its clients.
check-scenarios: $(PROGRAMS) $(addprefix $(B)/,$(EXAMPLES))
	@$(call running,scenario)
# The relay on a real broker, with receivers that fail, and killed in the middle (FULL=1: 10,000 notifications).
check-relay: $(PROGRAMS)
	@tests/tools/setup.sh check
	@$(call running,relay)
# The web's server on a real broker, asked by a client that is no browser.
check-web: $(PROGRAMS)
	@tests/tools/setup.sh check
	@$(call running,web)

# The pages, in chromium; and pictures of each of them, to be looked at.
.PHONY: check-pages pictures measure-pages
check-pages: $(PROGRAMS) $(FRONT)/dist/index.html
	@tests/tools/setup.sh ci
	@BUILD=$(abspath $(B)) tests/web/run.sh
pictures: $(PROGRAMS) $(FRONT)/dist/index.html
	@BUILD=$(abspath $(B)) tests/web/run.sh pictures.mjs $(abspath $(B))/pictures
# The leader's page over many tasks: its numbers and its weight are held, its times told, for a quiet machine.
measure-pages: TASKS ?= 100000
measure-pages: $(PROGRAMS) $(FRONT)/dist/index.html
	@BUILD=$(abspath $(B)) tests/web/run.sh measure.mjs $(TASKS)

# Three machines of the presets as they are shipped, each in a namespace of its own, and what may become of them.
cluster-check: $(PROGRAMS)
	@FULL=$(FULL) tests/cluster/run.sh $(B)/coordd $(B)/coordctl $(ROW)

check-asan:
	@$(MAKE) --no-print-directory B=build-asan SANITIZE=address,undefined OPTIMISE=-O1 check-unit

# The rooms that have threads, or stand on libraries that do; the core and what it stands on have none.
check-tsan:
	@TSAN_OPTIONS="suppressions=$(CURDIR)/tests/tsan.supp $$TSAN_OPTIONS" \
	    $(MAKE) --no-print-directory B=build-tsan SANITIZE=thread OPTIMISE=-O1 \
	    UNIT_ROOMS="common coordctl journal libcoord loop relay web" check-unit

# All is warned of; what is run is what must come to the same bytes, whoever compiled it.
check-clang:
	@$(MAKE) --no-print-directory B=build-clang CC=clang $(patsubst $(B)/%,build-clang/%,$(PROGRAMS)) unit-tests
	@$(MAKE) --no-print-directory B=build-clang CC=clang UNIT_ROOMS="protocol base core" check-unit

# Grids and crowds, which take minutes here: what they walk through is walked through by others, and ASan sees them.
VALGRIND_NOT := $(patsubst %,$(B)/unit/core/test_%,authority cold custody_sum determinism holdings listing policy_try_live schedule seen)
VALGRIND_NOT += $(B)/unit/protocol/test_compact
# What waits for a server most of its time, which is slower beside valgrind than what is looked at.
VALGRIND_NOT += $(filter $(B)/unit/journal/test_postgres%,$(UNIT_TESTS))
check-valgrind: $(filter-out $(VALGRIND_NOT),$(UNIT_TESTS))
	@RUNNER="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite" $(PYTHON) tests/abreast.py $^

FORMATTED = $(shell git ls-files '*.c' '*.h' | grep -v '\.def\.h$$')
format:
	@clang-format -i $(FORMATTED)
format-check:
	@clang-format --dry-run --Werror $(FORMATTED)

# ---- the simulator and the benchmarks ----

SEED ?= 1
SEEDS ?= 10000
SIM_SOURCES := $(wildcard tests/sim/*.c)
# It has a libpq of its own, and time: what blocks in the keeper of PostgreSQL gives way to what goes on beside it.
SIM_WRAPS := poll nanosleep clock_gettime randombytes_random restore_core postgres_backup_begin
$(B)/sim: LDFLAGS += $(SIM_WRAPS:%=-Wl,--wrap=%)
$(B)/sim: $(call objects,$(SIM_SOURCES)) $(call archives,$(USES_daemon))
	$(call link,$(filter-out -lpq,$(LIBS_journal)) -linih -lsystemd -lm)
$(call objects,$(SIM_SOURCES)): CPPFLAGS += -Itests
$(call objects,tests/sim/pg_sql.c): $(B)/gen/journal/postgres_migrations.h

sim: $(B)/sim
	$(B)/sim --seed $(SEED) --trace $(if $(STEPS),--steps $(STEPS))
sim-many: $(B)/sim
	$(B)/sim --seeds tests/sim/seeds/list --seed $(SEED) --runs $(SEEDS) --jobs $(shell nproc) $(if $(STEPS),--steps $(STEPS))
sim-of-several: $(B)/sim
	$(B)/sim --several --seed $(SEED) --trace $(if $(STEPS),--steps $(STEPS))
sim-several: $(B)/sim
	$(B)/sim --several --seeds tests/sim/seeds/several --seed $(SEED) --runs $(SEEDS) --jobs $(shell nproc) $(if $(STEPS),--steps $(STEPS))

# A real broker with clients in processes of their own, for benchmarks and fault tests.
RIG_SOURCES := $(filter-out tests/rig/slow_sync.c,$(wildcard tests/rig/*.c))
BENCH_SOURCES := $(wildcard tests/bench/*.c)
$(B)/bench-run: $(call objects,$(BENCH_SOURCES) $(RIG_SOURCES)) $(call archives,libcoord core base protocol)
	$(call link,$(LIBS_libcoord) $(LIBS_core) -lsqlite3 -lpq -lm)
$(call objects,$(BENCH_SOURCES) $(RIG_SOURCES)): CPPFLAGS += -Itests
$(B)/slow_sync.so: tests/rig/slow_sync.c
	$(call say,LD)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -shared -o $@ $< -ldl

bench: $(B)/bench-run $(B)/coordd $(B)/slow_sync.so
	$(B)/bench-run --coordd $(B)/coordd --directory $(B)/bench --slow-sync $(abspath $(B)/slow_sync.so) \
	    --json $(B)/bench.json $(if $(ROW),--row $(ROW)) $(if $(FULL),--full)

# What is preloaded into the broker, and is no part of the program that tests it.
FAULT_PRELOADS := preload record starve
FAULT_SOURCES := $(filter-out $(patsubst %,tests/fault/%.c,$(FAULT_PRELOADS)),$(wildcard tests/fault/*.c))
$(B)/fault-run: $(call objects,$(FAULT_SOURCES) $(RIG_SOURCES) tests/unit/protocol/filler.c) $(B)/daemon/loop/secret.o $(call archives,libcoord journal core base protocol)
	$(call link,$(LIBS_libcoord) $(LIBS_journal) -lm)
$(call objects,$(FAULT_SOURCES)): CPPFLAGS += -Itests
$(B)/fault_%.so: tests/fault/%.c $(wildcard tests/fault/*.h)
	$(call say,LD)
	$(Q)$(CC) $(CPPFLAGS) -Itests $(CFLAGS) -shared -o $@ $< -ldl

fault: $(B)/fault-run $(PROGRAMS) $(patsubst %,$(B)/fault_%.so,$(FAULT_PRELOADS))
	$(B)/fault-run --coordd $(B)/coordd --directory $(abspath $(B)/fault) --libraries $(abspath $(B)) \
	    $(if $(ROW),--row $(ROW)) $(if $(FULL),--full)

# The long form of a unit test: in a larger world, and with what each kind of request took. Times are for a quiet machine.
TRIES ?= 10000
steps: $(B)/unit/core/test_costly
	STEPS_TRIES=$(TRIES) $(if $(KIND),STEPS_KIND=$(KIND)) $<

# ---- fuzzing: clang's libFuzzer, with the sanitizers on ----

RUNS ?= 10000000
FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_USES_frame := protocol
FUZZ_USES_request := core base protocol
FUZZ_USES_restore := core base protocol
FUZZ_USES_step := core base protocol
FUZZ_USES_config := daemon libcoord base protocol
FUZZ_USES_files := $(USES_coordctl) core base
# What a target is made of besides, and which of the house's functions it puts its own before.
FUZZ_WITH_frame := generate
FUZZ_WITH_files := generate
FUZZ_WITH_request := generate world
FUZZ_WITH_restore := generate world
FUZZ_WITH_step := $(addprefix ../unit/core/,costly costly_admin costly_kinds costly_tasks costly_words world world_act world_dry world_records world_send rows lender)
$(B)/fuzz/request $(B)/fuzz/restore: LDFLAGS += -Wl,--wrap=calendar_new,--wrap=calendar_free,--wrap=scratch_new,--wrap=scratch_free
define fuzz_target
$(B)/fuzz/$(1): $(B)/tests/fuzz/fuzz_$(1).o $(patsubst %,$(B)/tests/fuzz/%.o,$(FUZZ_WITH_$(1))) \
    $(call archives,$(FUZZ_USES_$(1)))
	@mkdir -p $$(@D)
	$$(call link,-fsanitize=fuzzer $(sort $(LIBS_coordctl) $(LIBS_base)) -lsystemd)
endef
$(foreach target,$(FUZZ_TARGETS),$(eval $(call fuzz_target,$(target))))
$(B)/tests/fuzz/%.o: CPPFLAGS += -Itests
$(B)/fuzz/step: LDFLAGS += -lcmocka

$(B)/fuzz/dictionary: $(B)/tests/fuzz/dictionary.o $(B)/libprotocol.a
	@mkdir -p $(@D)
	$(call link,-fsanitize=fuzzer-no-link $(LIBS_protocol))
$(B)/fuzz/%.dict: $(B)/fuzz/dictionary
	$< $* > $@

fuzz-targets: $(addprefix $(B)/fuzz/,$(FUZZ_TARGETS) wire.dict ini.dict json.dict)

fuzz:
	@$(MAKE) --no-print-directory B=build-fuzz CC=clang SANITIZE=fuzzer-no-link,address,undefined OPTIMISE=-O2 \
	    CFLAGS_COVERAGE=-fno-sanitize-coverage=trace-cmp,indirect-calls,stack-depth fuzz-targets
	@MERGE=$(MERGE) tests/fuzz/run.sh build-fuzz/fuzz $(RUNS) $(if $(ROW),$(ROW),$(FUZZ_TARGETS))

# ---- coverage ----

# Counts what all of make check takes: the programs write down their counts when they end, whoever started them. Several
# threads count at once.
coverage:
	@tests/tools/setup.sh ci
	@find build-coverage -name '*.gcda' -delete 2>/dev/null || true
	@$(MAKE) --no-print-directory B=build-coverage CFLAGS_COVERAGE='--coverage -fprofile-update=atomic' OPTIMISE=-O0 \
	    build check-unit check-scenarios
	@$(PYTHON) tests/coverage.py build-coverage

# ---- installing ----

LIBDIR := $(PREFIX)/lib/$(shell $(CC) -print-multiarch)
UNITDIR := $(PREFIX)/lib/systemd/system
# What programs on libcoord see of protocol/; the other headers are the project's own.
PROTOCOL_HEADERS := $(patsubst %,protocol/%.h,buffer check errors errors.def frame message messages.def spelling terms terms.def)
install:
	install -D -m 755 $(B)/coordd $(DESTDIR)$(PREFIX)/sbin/coordd
	install -D -m 755 $(B)/coordctl $(DESTDIR)$(PREFIX)/bin/coordctl
	install -D -m 755 $(B)/coord-relay $(DESTDIR)$(PREFIX)/bin/coord-relay
	install -D -m 755 $(B)/coord-web $(DESTDIR)$(PREFIX)/bin/coord-web
	install -D -m 644 $(B)/libcoord.so.1 $(DESTDIR)$(LIBDIR)/libcoord.so.1
	ln -sf libcoord.so.1 $(DESTDIR)$(LIBDIR)/libcoord.so
	install -d $(DESTDIR)$(LIBDIR)/pkgconfig
	sed -e 's|@PREFIX@|$(PREFIX)|g' -e 's|@VERSION@|$(VERSION)|g' clients/libcoord/libcoord.pc.in \
	    > $(DESTDIR)$(LIBDIR)/pkgconfig/libcoord.pc
	chmod 644 $(DESTDIR)$(LIBDIR)/pkgconfig/libcoord.pc
	install -d $(DESTDIR)$(PREFIX)/include/coord
	install -m 644 clients/libcoord/coord.h $(PROTOCOL_HEADERS) $(DESTDIR)$(PREFIX)/include/coord/
	install -D -m 644 $(B)/coordctl.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/coordctl
	install -D -m 644 $(B)/man/coordctl.1 $(DESTDIR)$(PREFIX)/share/man/man1/coordctl.1
	install -D -m 644 $(B)/man/coord.3 $(DESTDIR)$(PREFIX)/share/man/man3/coord.3
	install -D -m 644 $(B)/man/coordd.conf.5 $(DESTDIR)$(PREFIX)/share/man/man5/coordd.conf.5
	install -D -m 644 $(B)/man/coord-apply.5 $(DESTDIR)$(PREFIX)/share/man/man5/coord-apply.5
	install -D -m 644 $(B)/man/coord-relay.1 $(DESTDIR)$(PREFIX)/share/man/man1/coord-relay.1
	install -D -m 644 $(B)/man/coord-relay.conf.5 $(DESTDIR)$(PREFIX)/share/man/man5/coord-relay.conf.5
	install -D -m 644 $(B)/man/coord-web.1 $(DESTDIR)$(PREFIX)/share/man/man1/coord-web.1
	install -D -m 644 $(B)/man/coord-web.conf.5 $(DESTDIR)$(PREFIX)/share/man/man5/coord-web.conf.5
	install -D -m 644 $(B)/man/coordd.8 $(DESTDIR)$(PREFIX)/share/man/man8/coordd.8
	install -D -m 644 $(B)/man/coordd-cluster.7 $(DESTDIR)$(PREFIX)/share/man/man7/coordd-cluster.7
	install -d $(DESTDIR)$(UNITDIR)
	sed -e 's|/usr/sbin/coordd|$(PREFIX)/sbin/coordd|g' systemd/coordd.service > $(DESTDIR)$(UNITDIR)/coordd.service
	chmod 644 $(DESTDIR)$(UNITDIR)/coordd.service
	sed -e 's|/usr/bin/coord-relay|$(PREFIX)/bin/coord-relay|g' systemd/coord-relay.service > $(DESTDIR)$(UNITDIR)/coord-relay.service
	chmod 644 $(DESTDIR)$(UNITDIR)/coord-relay.service
	install -D -m 644 systemd/coord-relay.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/coord-relay.conf
	install -D -m 644 systemd/coord-relay.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/coord-relay.conf
	sed -e 's|/usr/bin/coord-web|$(PREFIX)/bin/coord-web|g' systemd/coord-web.service > $(DESTDIR)$(UNITDIR)/coord-web.service
	chmod 644 $(DESTDIR)$(UNITDIR)/coord-web.service
	install -D -m 644 systemd/coord-web.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/coord-web.conf
	install -D -m 644 systemd/coord-web.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/coord-web.conf
	install -D -m 644 systemd/coordd.socket $(DESTDIR)$(UNITDIR)/coordd.socket
	install -D -m 644 systemd/coordd.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/coordd.conf
	install -D -m 644 systemd/coordd.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/coordd.conf
	install -D -m 644 protocol/PROTOCOL.md $(DESTDIR)$(PREFIX)/share/doc/coordd/PROTOCOL.md
	install -D -m 644 README.md $(DESTDIR)$(PREFIX)/share/doc/coordd/README.md
	install -D -m 644 $(B)/coordd.conf $(DESTDIR)$(PREFIX)/share/doc/coordd/examples/coordd.conf
	install -D -m 644 tests/data/programme.json $(DESTDIR)$(PREFIX)/share/doc/coordd/examples/programme.json
	install -D -m 644 clients/python/coord.py $(DESTDIR)$(PREFIX)/share/doc/coordd/examples/coord.py
	install -m 644 $(EXAMPLES:%=clients/libcoord/%.c) $(DESTDIR)$(PREFIX)/share/doc/coordd/examples/
	install -d $(DESTDIR)$(PREFIX)/share/coordd/presets
	install -m 644 $(wildcard clients/presets/*.*) $(DESTDIR)$(PREFIX)/share/coordd/presets/
	install -d $(DESTDIR)$(PREFIX)/share/coordd/presets/cluster
	install -m 644 $(filter-out %/prepare,$(wildcard clients/presets/cluster/*)) $(DESTDIR)$(PREFIX)/share/coordd/presets/cluster/
	install -m 755 clients/presets/cluster/prepare $(DESTDIR)$(PREFIX)/share/coordd/presets/cluster/
	install -d $(DESTDIR)$(PREFIX)/share/coordd/monitoring
	install -m 644 clients/web/monitoring/* $(DESTDIR)$(PREFIX)/share/coordd/monitoring/
	@# The pages, where they were built; without them coord-web says how.
	[ ! -e $(FRONT)/dist/index.html ] || (cd $(FRONT)/dist && find . -type f -exec install -D -m 644 {} $(abspath $(DESTDIR)$(PREFIX)/share/coordd/web)/{} \;)
	@[ -n "$(DESTDIR)" ] || ldconfig || echo "run ldconfig as root, so that programs find libcoord"

clean:
	rm -rf $(B) build-asan build-tsan build-clang build-fuzz build-coverage

-include $(shell find $(B) -name '*.d' 2>/dev/null)
