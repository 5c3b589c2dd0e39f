namespace Actors.Engine.Drivers.Blocking;

/// <summary>
/// The operations by <see cref="RandomAccess"/>, for systems other than Linux. Exceptions are turned into Linux error
/// numbers, so that the table in <see cref="CompletionDecision"/> holds everywhere.
/// </summary>
internal sealed unsafe class PortableCalls : IBlockingCalls
{
    /// <summary>No portable call tells what is cached.</summary>
    public bool TryReadCached(IoOperation operation) => false;

    public void Perform(IoOperation operation)
    {
        try
        {
            operation.Result = PerformOrThrow(operation);
        }
        catch (Exception e)
        {
            operation.Result = -ErrnoOf(e);
        }
    }

    /// <summary>Opens a file as <paramref name="mode"/> says; what <see cref="IoKind.Open"/> is on Linux.</summary>
    public static FileHandle Open(string path, OpenMode mode, UnixFileMode createMode)
    {
        var options = OperatingSystem.IsWindows() || !mode.Creates() ? (UnixFileMode?)null : createMode;
        var fileMode = mode.RefusesExisting() ? FileMode.CreateNew
            : mode.Creates() ? FileMode.OpenOrCreate
            : FileMode.Open;
        var access = (mode.CanRead() ? FileAccess.Read : 0) | (mode.CanWrite() ? FileAccess.Write : 0);
        if (options is { } bits && fileMode != FileMode.Open && !OperatingSystem.IsWindows() && !File.Exists(path))
        {
            // File.OpenHandle takes no permission bits; FileStream does, and creates the file with them.
            using var created = new FileStream(path, new FileStreamOptions
            {
                Mode = fileMode,
                Access = FileAccess.Write,
                UnixCreateMode = bits,
            });
            fileMode = FileMode.Open;
        }

        return new FileHandle(File.OpenHandle(path, fileMode, access, FileShare.ReadWrite));
    }

    /// <summary>The Linux error number that says the same as an exception of the runtime's file API.</summary>
    public static int ErrnoOf(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => Errno.ENOENT,
        // On Unix the runtime says this for EACCES, EPERM and EBADF alike; which it was is in the inner exception.
        UnauthorizedAccessException { InnerException: IOException inner } => ErrnoOf(inner),
        UnauthorizedAccessException => Errno.EACCES,
        PathTooLongException => Errno.ENAMETOOLONG,
        ObjectDisposedException => Errno.EBADF,
        ArgumentOutOfRangeException => Errno.EFBIG,
        ArgumentException => Errno.EINVAL,
        NotSupportedException => Errno.EOPNOTSUPP,
        IOException io when OperatingSystem.IsWindows() => (io.HResult & 0xffff) switch
        {
            80 or 183 => Errno.EEXIST,
            112 or 39 => Errno.ENOSPC,
            32 or 33 => Errno.EBUSY,
            4 => Errno.EMFILE,
            19 => Errno.EROFS,
            145 => Errno.ENOTEMPTY,
            _ => Errno.EIO,
        },
        IOException io when io.HResult is > 0 and < 200 => OperatingSystem.IsLinux() ? io.HResult : FromBsd(io.HResult),
        _ => Errno.EIO,
    };

    /// <summary>Translates an error number of macOS and the BSDs: up to 34 they agree with Linux but for 11, above that
    /// they are their own (sys/errno.h).</summary>
    public static int FromBsd(int errno) => errno switch
    {
        11 => Errno.EBUSY,
        < 35 => errno,
        35 => Errno.EAGAIN,
        45 or 102 => Errno.EOPNOTSUPP,
        60 => Errno.ETIMEDOUT,
        62 => Errno.ELOOP,
        63 => Errno.ENAMETOOLONG,
        66 => Errno.ENOTEMPTY,
        69 => Errno.EDQUOT,
        78 => Errno.ENOSYS,
        84 => Errno.EOVERFLOW,
        89 => Errno.ECANCELED,
        _ => Errno.EIO,
    };

    private static long PerformOrThrow(IoOperation operation)
    {
        var handle = operation.File?.Safe;
        if (handle is null)
        {
            return -Errno.EBADF;
        }

        switch (operation.Kind)
        {
            case IoKind.Read:
                return RandomAccess.Read(
                    handle, new Span<byte>(operation.NextByte, (int)operation.NextLength), operation.NextOffset);
            case IoKind.Write:
                var data = new ReadOnlySpan<byte>(operation.NextByte, (int)operation.NextLength);
                RandomAccess.Write(
                    handle, data, operation.Append ? RandomAccess.GetLength(handle) : operation.NextOffset);
                return data.Length;
            case IoKind.DataSync or IoKind.Sync:
                RandomAccess.FlushToDisk(handle);
                return 0;
            case IoKind.Truncate:
                RandomAccess.SetLength(handle, operation.Length);
                return 0;
            case IoKind.Close:
                handle.Dispose();
                return 0;
            default:
                return -Errno.EOPNOTSUPP;
        }
    }
}
