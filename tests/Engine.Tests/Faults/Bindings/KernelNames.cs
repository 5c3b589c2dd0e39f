namespace Actors.Engine.Tests.Faults.Bindings;

/// <summary>What each constant and each field of the engine's bindings is called in the C headers.</summary>
internal static class KernelNames
{
    public const string Headers =
        """
        #define _GNU_SOURCE
        #include <stdio.h>
        #include <stddef.h>
        #include <errno.h>
        #include <fcntl.h>
        #include <poll.h>
        #include <time.h>
        #include <unistd.h>
        #include <dirent.h>
        #include <sys/eventfd.h>
        #include <sys/file.h>
        #include <sys/inotify.h>
        #include <sys/mman.h>
        #include <sys/resource.h>
        #include <sys/statfs.h>
        #include <sys/syscall.h>
        #include <sys/uio.h>
        #include <linux/aio_abi.h>
        #include <linux/falloc.h>
        #include <linux/fs.h>
        #include <linux/io_uring.h>
        #include <linux/magic.h>
        #include <linux/stat.h>
        """;

    /// <summary>Constants; those of Errno have their names already.</summary>
    public const string Constants =
        """
        IoUringAbi.SysSetup __NR_io_uring_setup
        IoUringAbi.SysEnter __NR_io_uring_enter
        IoUringAbi.SysRegister __NR_io_uring_register
        IoUringAbi.OffsetSqRing IORING_OFF_SQ_RING
        IoUringAbi.OffsetCqRing IORING_OFF_CQ_RING
        IoUringAbi.OffsetSqes IORING_OFF_SQES
        IoUringAbi.SetupCqSize IORING_SETUP_CQSIZE
        IoUringAbi.SetupSubmitAll IORING_SETUP_SUBMIT_ALL
        IoUringAbi.SetupCoopTaskrun IORING_SETUP_COOP_TASKRUN
        IoUringAbi.SetupTaskrunFlag IORING_SETUP_TASKRUN_FLAG
        IoUringAbi.SetupSingleIssuer IORING_SETUP_SINGLE_ISSUER
        IoUringAbi.SetupDeferTaskrun IORING_SETUP_DEFER_TASKRUN
        IoUringAbi.SetupNoSqArray IORING_SETUP_NO_SQARRAY
        IoUringAbi.FeatureSingleMmap IORING_FEAT_SINGLE_MMAP
        IoUringAbi.FeatureExtArg IORING_FEAT_EXT_ARG
        IoUringAbi.EnterGetEvents IORING_ENTER_GETEVENTS
        IoUringAbi.EnterExtArg IORING_ENTER_EXT_ARG
        IoUringAbi.SqCqOverflow IORING_SQ_CQ_OVERFLOW
        IoUringAbi.SqTaskrun IORING_SQ_TASKRUN
        IoUringAbi.RegisterProbe IORING_REGISTER_PROBE
        IoUringAbi.RegisterIowqMaxWorkers IORING_REGISTER_IOWQ_MAX_WORKERS
        IoUringAbi.ProbeOpSupported IO_URING_OP_SUPPORTED
        IoUringAbi.FsyncDataSync IORING_FSYNC_DATASYNC
        IoUringAbi.AtFdCwd AT_FDCWD
        IoUringAbi.SqeAsync IOSQE_ASYNC
        IoUringAbi.OpFsync IORING_OP_FSYNC
        IoUringAbi.OpAsyncCancel IORING_OP_ASYNC_CANCEL
        IoUringAbi.OpFallocate IORING_OP_FALLOCATE
        IoUringAbi.OpOpenAt IORING_OP_OPENAT
        IoUringAbi.OpClose IORING_OP_CLOSE
        IoUringAbi.OpRead IORING_OP_READ
        IoUringAbi.OpWrite IORING_OP_WRITE
        IoUringAbi.OpFtruncate IORING_OP_FTRUNCATE
        IoUringSyscalls.ProtReadWrite PROT_READ|PROT_WRITE
        IoUringSyscalls.MapSharedPopulate MAP_SHARED|MAP_POPULATE
        AioAbi.Read IOCB_CMD_PREAD
        AioAbi.Write IOCB_CMD_PWRITE
        AioAbi.Sync IOCB_CMD_FSYNC
        AioAbi.DataSync IOCB_CMD_FDSYNC
        AioAbi.Poll IOCB_CMD_POLL
        AioAbi.SignalEventFd IOCB_FLAG_RESFD
        AioAbi.PollIn POLLIN
        EventFd.CloseOnExec EFD_CLOEXEC
        EventFd.NonBlocking EFD_NONBLOCK
        EventFd.PollIn POLLIN
        LinuxFiles.ReadOnly O_RDONLY
        LinuxFiles.WriteOnly O_WRONLY
        LinuxFiles.ReadWrite O_RDWR
        LinuxFiles.Create O_CREAT
        LinuxFiles.Exclusive O_EXCL
        LinuxFiles.NoControllingTerminal O_NOCTTY
        LinuxFiles.NonBlocking O_NONBLOCK
        LinuxFiles.CloseOnExec O_CLOEXEC
        LinuxFiles.PathOnly O_PATH
        LinuxFiles.SetFlags F_SETFL
        LinuxFiles.LockExclusive LOCK_EX
        LinuxFiles.LockNonBlocking LOCK_NB
        LinuxFiles.SeekCurrent SEEK_CUR
        LinuxFiles.AtEmptyPath AT_EMPTY_PATH
        LinuxFiles.AtDoNotSync AT_STATX_DONT_SYNC
        LinuxFiles.NotifyCloseOnExec IN_CLOEXEC
        LinuxFiles.NotifyDeleteSelf IN_DELETE_SELF
        LinuxFiles.Xfs XFS_SUPER_MAGIC
        LinuxFiles.Btrfs BTRFS_SUPER_MAGIC
        LinuxCalls.FallocateKeepSize FALLOC_FL_KEEP_SIZE
        LinuxCalls.NoWait RWF_NOWAIT
        LinuxCalls.AtEnd RWF_APPEND
        LinuxCalls.NotAtEnd RWF_NOAPPEND
        LinuxFiles.Append O_APPEND
        LinuxFiles.Extended EXT4_SUPER_MAGIC
        LinuxFiles.Memory TMPFS_MAGIC
        LinuxPaths.WorkingDirectory AT_FDCWD
        LinuxPaths.NoFollowName AT_SYMLINK_NOFOLLOW
        LinuxPaths.DirectoryName AT_REMOVEDIR
        LinuxPaths.EmptyPath AT_EMPTY_PATH
        LinuxPaths.NoReplace RENAME_NOREPLACE
        LinuxPaths.CloneFile (unsigned int)FICLONE
        LinuxPaths.SeekData SEEK_DATA
        LinuxPaths.SeekHole SEEK_HOLE
        DirectoryRecords.LengthAt offsetof(struct dirent64,d_reclen)
        DirectoryRecords.TypeAt offsetof(struct dirent64,d_type)
        DirectoryRecords.NameAt offsetof(struct dirent64,d_name)
        EntryType.Unknown DT_UNKNOWN
        EntryType.Pipe DT_FIFO
        EntryType.CharacterDevice DT_CHR
        EntryType.Directory DT_DIR
        EntryType.BlockDevice DT_BLK
        EntryType.File DT_REG
        EntryType.SymbolicLink DT_LNK
        EntryType.Socket DT_SOCK
        Statx.Basic STATX_BASIC_STATS
        Statx.Birth STATX_BTIME
        Statx.DirectAlignment STATX_DIOALIGN
        Statx.TypeMask S_IFMT
        Statx.TypeCharacterDevice S_IFCHR
        Statx.TypeDirectory S_IFDIR
        Statx.TypeRegular S_IFREG
        Statx.TypeLink S_IFLNK
        DescriptorLimit.ResourceNoFile RLIMIT_NOFILE
        """;

    /// <summary>What is the engine's own, or in no header: the magic of the ring of AIO is in fs/aio.c.</summary>
    public const string OwnConstants = "LinuxFiles.AlignmentUnknown AioAbi.RingMagic IoUringAbi.OpNone";

    /// <summary>Names that Linux has got since 6.1, the headers of a present long-term distribution; left out where the
    /// headers have none.</summary>
    public static readonly string[] NewNames = ["IORING_OP_FTRUNCATE", "IORING_SETUP_NO_SQARRAY", "RWF_NOAPPEND"];

    /// <summary>The engine's type and the C type; below, indented, each field with its C name.</summary>
    public const string Structs =
        """
        IoUringAbi+Sqe struct io_uring_sqe:
          Opcode=opcode Flags=flags IoPriority=ioprio Fd=fd Offset=off Address=addr Length=len
          OpFlags=rw_flags UserData=user_data BufferIndex=buf_index Personality=personality
          FileIndex=file_index Address3=addr3 Pad=__pad2
        IoUringAbi+Cqe struct io_uring_cqe:
          UserData=user_data Result=res Flags=flags
        IoUringAbi+SqOffsets struct io_sqring_offsets:
          Head=head Tail=tail RingMask=ring_mask RingEntries=ring_entries Flags=flags Dropped=dropped
          Array=array Reserved=resv1 UserAddress=resv2
        IoUringAbi+CqOffsets struct io_cqring_offsets:
          Head=head Tail=tail RingMask=ring_mask RingEntries=ring_entries Overflow=overflow Cqes=cqes
          Flags=flags Reserved=resv1 UserAddress=resv2
        IoUringAbi+Params struct io_uring_params:
          SqEntries=sq_entries CqEntries=cq_entries Flags=flags SqThreadCpu=sq_thread_cpu
          SqThreadIdle=sq_thread_idle Features=features WqFd=wq_fd Reserved0=resv[0] Reserved1=resv[1]
          Reserved2=resv[2] Sq=sq_off Cq=cq_off
        IoUringAbi+GetEventsArg struct io_uring_getevents_arg:
          Sigmask=sigmask SigmaskSize=sigmask_sz MinWaitMicros=pad Timespec=ts
        IoUringAbi+Timespec struct __kernel_timespec:
          Seconds=tv_sec Nanoseconds=tv_nsec
        Iocb struct iocb:
          Data=aio_data Key=aio_key TransferFlags=aio_rw_flags Command=aio_lio_opcode Priority=aio_reqprio
          Descriptor=aio_fildes Buffer=aio_buf Length=aio_nbytes Offset=aio_offset Reserved=aio_reserved2
          Flags=aio_flags SignalDescriptor=aio_resfd
        IoEvent struct io_event:
          Data=data Request=obj Result=res Result2=res2
        KernelTimeSpan struct timespec:
          Seconds=tv_sec Nanoseconds=tv_nsec
        EventFd+PollRequest struct pollfd:
          Descriptor=fd Events=events Returned=revents
        LinuxFiles+Statfs struct statfs:
          Type=f_type
        LinuxCalls+IoVector struct iovec:
          Base=iov_base Length=iov_len
        LinuxPaths+TimeSpec struct timespec:
          Seconds=tv_sec Nanoseconds=tv_nsec
        DescriptorLimit+ResourceLimit struct rlimit:
          Soft=rlim_cur Hard=rlim_max
        Statx struct statx:
          Mask=stx_mask Links=stx_nlink Mode=stx_mode Inode=stx_ino Size=stx_size Blocks=stx_blocks Accessed=stx_atime
          Born=stx_btime Modified=stx_mtime DeviceMajor=stx_dev_major DeviceMinor=stx_dev_minor
          DirectMemoryAlignment=stx_dio_mem_align DirectOffsetAlignment=stx_dio_offset_align
        StatxTime struct statx_timestamp:
          Seconds=tv_sec Nanoseconds=tv_nsec _reserved=__reserved
        """;

    /// <summary>Numbers of system calls by <see cref="Actors.Engine.Drivers.ProcessorNumbers"/>.</summary>
    public const string SystemCallNumbers =
        """
        IoSetup __NR_io_setup
        IoDestroy __NR_io_destroy
        IoGetEvents __NR_io_getevents
        IoSubmit __NR_io_submit
        IoCancel __NR_io_cancel
        GetDents64 __NR_getdents64
        RenameAt2 __NR_renameat2
        PReadV2 __NR_preadv2
        PWriteV2 __NR_pwritev2
        """;

    /// <summary>The same for flags of open(2).</summary>
    public const string OpenFlags =
        """
        OpenDirect O_DIRECT
        OpenDirectory O_DIRECTORY
        OpenNoFollow O_NOFOLLOW
        """;
}
