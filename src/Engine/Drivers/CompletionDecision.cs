namespace Actors.Engine.Drivers;

/// <summary>What to do with an operation that came back.</summary>
internal enum CompletionAction
{
    /// <summary>Finished: all bytes, or the end of the file for a read.</summary>
    Done,

    /// <summary>Submit it again, for the rest; progress has been added to <see cref="IoOperation.Done"/>.</summary>
    Resubmit,

    /// <summary>Failed for good.</summary>
    Fail,
}

/// <summary>
/// The one place that weighs a completion: a pure function of the operation and the kernel's signed result, and the one
/// table of error numbers. Needs no kernel to be tested.
/// </summary>
internal static class CompletionDecision
{
    /// <summary>The most that one read or write transfers on Linux, 0x7ffff000 bytes (read(2), NOTES).</summary>
    public const long TransferMax = 0x7ffff000;

    /// <summary>"Try again" answers in a row before an operation fails; stops a device that never gets ready from
    /// spinning a core. Interrupted calls count too.</summary>
    public const int RetriesMax = 1000;

    /// <summary>
    /// Weighs <see cref="IoOperation.Result"/>. A positive transfer is added to <see cref="IoOperation.Done"/>.
    /// </summary>
    public static CompletionAction Weigh(IoOperation operation)
    {
        var result = operation.Result;
        if (result < 0)
        {
            return WeighError(operation, (int)-result);
        }

        operation.Retries = 0;
        if (operation.Kind is not (IoKind.Read or IoKind.Write))
        {
            return CompletionAction.Done;
        }

        operation.Done += result;
        if (operation.Done >= operation.Length)
        {
            return CompletionAction.Done;
        }

        if (operation is { Kind: IoKind.Read, OnThread: false, File.HasUnknownSize: true } && result == 0)
        {
            operation.OnThread = true;
            return CompletionAction.Resubmit;
        }

        if (operation.Kind == IoKind.Read && (result == 0 || EndsUnaligned(operation)))
        {
            return CompletionAction.Done;
        }

        if (result > 0)
        {
            return CompletionAction.Resubmit;
        }

        // A write that moves nothing and reports no error would repeat for ever; treat it as a full device, which is
        // what POSIX allows it to mean.
        operation.Result = -Errno.ENOSPC;
        return CompletionAction.Fail;
    }

    /// <summary>The closed reason for an error number.</summary>
    public static FailureReason ReasonOf(int errno) => errno switch
    {
        Errno.ENOENT or Errno.ENOTDIR => FailureReason.NotFound,
        Errno.EEXIST => FailureReason.AlreadyExists,
        Errno.ENOTEMPTY => FailureReason.NotEmpty,
        Errno.EACCES or Errno.EPERM => FailureReason.AccessDenied,
        Errno.EROFS => FailureReason.ReadOnlyFileSystem,
        Errno.EISDIR or Errno.ENXIO or Errno.ESPIPE or Errno.ELOOP or Errno.ENODEV => FailureReason.NotARegularFile,
        Errno.EMFILE or Errno.ENFILE => FailureReason.TooManyOpenFiles,
        Errno.ENOSPC or Errno.EDQUOT or Errno.EMLINK => FailureReason.NoSpace,
        Errno.EFBIG or Errno.EOVERFLOW => FailureReason.FileTooLarge,
        Errno.EINVAL or Errno.ENAMETOOLONG or Errno.EFAULT => FailureReason.InvalidArgument,
        Errno.EAGAIN or Errno.ENOMEM => FailureReason.OutOfResources,
        Errno.ENOSYS or Errno.EOPNOTSUPP or Errno.EXDEV => FailureReason.NotSupported,
        Errno.ECANCELED => FailureReason.Cancelled,
        Errno.ETIMEDOUT or Errno.ETIME => FailureReason.TimedOut,
        Errno.ETXTBSY or Errno.EBUSY => FailureReason.Locked,
        _ => FailureReason.IoError,
    };

    private static CompletionAction WeighError(IoOperation operation, int errno)
    {
        if (errno == Errno.ECANCELED && !operation.CancelRequested)
        {
            return WeighUnaskedCancel(operation);
        }

        if (operation.Kind == IoKind.Close)
        {
            // Linux has released the descriptor whatever it says (close(2), NOTES). Closing it again could close a file
            // that got its number since.
            operation.Result = errno == Errno.EINTR ? 0 : operation.Result;
            return errno == Errno.EINTR ? CompletionAction.Done : CompletionAction.Fail;
        }

        if (!IsTransient(errno))
        {
            return CompletionAction.Fail;
        }

        if (operation.CancelRequested)
        {
            // Whatever interrupted it, it is not begun again.
            operation.Result = -Errno.ECANCELED;
            return CompletionAction.Fail;
        }

        return ++operation.Retries <= RetriesMax ? CompletionAction.Resubmit : CompletionAction.Fail;
    }

    /// <summary>io_uring says ECANCELED of an operation that it could start no kernel worker for (io_queue_iowq in
    /// io_uring/io_uring.c, Linux 6.18): nothing was done. A close must be done all the same. The others fail with what
    /// starting a thread fails with.</summary>
    private static CompletionAction WeighUnaskedCancel(IoOperation operation)
    {
        if (operation is { Kind: IoKind.Close, OnThread: false })
        {
            operation.OnThread = true;
            return CompletionAction.Resubmit;
        }

        operation.Result = -Errno.EAGAIN;
        return CompletionAction.Fail;
    }

    // A direct read stops between two aligned positions only at the end of the file; reading on from there is EINVAL on
    // some file systems.
    private static bool EndsUnaligned(IoOperation operation) =>
        operation.File is { } file && !file.Alignment.Allows(operation.NextOffset, 0);

    private static bool IsTransient(int errno) => errno is Errno.EINTR or Errno.EAGAIN;
}
