#include <errno.h>
#include <seccomp.h>
#include <sys/prctl.h>

#include "gateway/print/print.h"
#include "gateway/walls.h"

/* Fonts and the libraries that load while it runs; all else on the disk is out of reach, and nothing can be written. */
static const char *const readable[] = {"/usr", "/lib", "/lib64", "/etc/fonts", "/var/cache/fontconfig", "/proc/self", "/etc/ld.so.cache"};

/* A denylist: the font libraries' own needs change with their versions, what they never need does not. */
static const int denied[] = {
	SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(sendmsg),
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
	SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(mount), SCMP_SYS(chmod), SCMP_SYS(chown),
	SCMP_SYS(keyctl), SCMP_SYS(bpf), SCMP_SYS(io_uring_setup), SCMP_SYS(userfaultfd), SCMP_SYS(perf_event_open), SCMP_SYS(unshare), SCMP_SYS(setns),
};

static int filter(struct err *err)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	int result = f == NULL ? -ENOMEM : 0;
	for (size_t i = 0; i < sizeof denied / sizeof *denied && result == 0; i++)
		result = seccomp_rule_add(f, SCMP_ACT_ERRNO(EACCES), denied[i], 0);
	if (result == 0)
		result = seccomp_load(f);
	seccomp_release(f);
	return result == 0 ? 0 : err_set(err, "plnpost-print's system call filter: %s", strerror(-result));
}

int print_cage(struct err *err)
{
	if (walls_limit(RLIMIT_CORE, 0) < 0 || walls_limit(RLIMIT_CPU, 60) < 0 || walls_limit(RLIMIT_NOFILE, 64) < 0 ||
	    (!WALLS_SANITIZED && walls_limit(RLIMIT_AS, (rlim_t)512 << 20) < 0))
		return err_set(err, "plnpost-print's limits: %s", strerror(errno));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(err, "no new privileges: %s", strerror(errno));
	walls_files(readable, sizeof readable / sizeof *readable); /* where the kernel has no Landlock the other walls stand */
	return filter(err);
}
