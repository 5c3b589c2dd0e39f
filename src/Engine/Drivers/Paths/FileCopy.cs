using System.Runtime.Versioning;
using Actors.Engine.Drivers.Blocking;

namespace Actors.Engine.Drivers.Paths;

/// <summary>
/// Copies the content of one open file to another, empty one: shared where the file system can, then in the kernel,
/// then by reading and writing. For one thread at a time; remembers what the file systems that it met cannot do.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class FileCopy
{
    /// <summary>What is copied between two looks at whether to go on.</summary>
    public const int ChunkSize = 8 << 20;

    /// <summary>Files up to this size are read and written in one go.</summary>
    public const int BufferSize = 128 << 10;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize, pinned: true);
    private readonly ILinuxPaths _paths;
    private readonly Action<long>? _onProgress;
    private readonly CancellationToken _cancellation;
    private bool _canClone = true;
    private bool _canCopyRange = true;
    private bool _rangeCopied;

    /// <param name="paths">System calls.</param>
    /// <param name="onProgress">Told how much longer the copy has become since the last time.</param>
    /// <param name="cancellation">Ends a copy between chunks, with an exception.</param>
    public FileCopy(ILinuxPaths paths, Action<long>? onProgress, CancellationToken cancellation)
    {
        _paths = paths;
        _onProgress = onProgress;
        _cancellation = cancellation;
    }

    /// <summary>How the last file was copied.</summary>
    public CopyMethod Method { get; private set; }

    /// <summary>The length of the last copy, holes included.</summary>
    public long Length { get; private set; }

    /// <summary>Copies everything; 0 or a negative errno.</summary>
    /// <param name="source">Open for reading.</param>
    /// <param name="target">Open for writing, empty.</param>
    /// <param name="info">Of the source.</param>
    public int Copy(int source, int target, in Statx info)
    {
        _cancellation.ThrowIfCancellationRequested();
        Length = 0;
        var size = (long)info.Size;
        if (size > 0 && TryClone(source, target))
        {
            Method = CopyMethod.Reflink;

            // It may have grown since it was looked at.
            var failed = _paths.Stat(target, out var made);
            AdvanceTo(failed < 0 ? 0 : (long)made.Size);
            return failed;
        }

        _rangeCopied = false;
        var error = size > BufferSize && info.Blocks * 512 < info.Size
            ? CopySparse(source, target, size)
            : CopyRange(source, target, size == 0 ? long.MaxValue : size);
        Method = _rangeCopied ? CopyMethod.Kernel : CopyMethod.ReadWrite;
        return error;
    }

    /// <summary>Writes all of it; 0 or a negative errno.</summary>
    public static int WriteFully(ILinuxPaths paths, int file, ReadOnlySpan<byte> data, long position)
    {
        while (!data.IsEmpty)
        {
            var written = paths.Write(file, data, position);
            if (written <= 0)
            {
                return written == 0 ? -Errno.ENOSPC : written;
            }

            data = data[written..];
            position += written;
        }

        return 0;
    }

    /// <summary>Whether two files have the same content: 1, 0 or a negative errno.</summary>
    public int Compare(int one, int other)
    {
        var half = BufferSize / 2;
        for (long position = 0; ;)
        {
            _cancellation.ThrowIfCancellationRequested();
            var left = ReadFully(one, _buffer.AsSpan(0, half), position);
            var right = left < 0 ? left : ReadFully(other, _buffer.AsSpan(half), position);
            if (right < 0)
            {
                return right;
            }

            if (!_buffer.AsSpan(0, left).SequenceEqual(_buffer.AsSpan(half, right)))
            {
                return 0;
            }

            if (left < half)
            {
                return 1;
            }

            position += left;
        }
    }

    private bool TryClone(int source, int target)
    {
        if (!_canClone)
        {
            return false;
        }

        var error = -_paths.Clone(source, target);

        // Other errors may be of this file alone.
        _canClone = error is not (Errno.EOPNOTSUPP or Errno.ENOTTY or Errno.EXDEV or Errno.ENOSYS);
        return error == 0;
    }

    private int CopySparse(int source, int target, long size)
    {
        while (Length < size)
        {
            var data = _paths.NextData(source, Length);
            if (data == -Errno.ENXIO)
            {
                break;
            }

            var hole = data < 0 ? data : _paths.NextHole(source, data);
            if (hole < 0)
            {
                // It does not say where its holes are: they become zeros.
                return CopyRange(source, target, size);
            }

            hole = Math.Min(hole, size);
            AdvanceTo(Math.Min(data, size));
            var failed = CopyRange(source, target, hole);
            if (failed < 0)
            {
                return failed;
            }

            if (Length < hole)
            {
                break;
            }
        }

        // Only a hole is left, or the file has become shorter meanwhile.
        var error = _paths.Stat(source, out var now);
        if (error == 0)
        {
            AdvanceTo(Math.Min(size, (long)now.Size));
            error = _paths.SetLength(target, Length);
        }

        return error;
    }

    /// <summary>Copies up to a position, or to the end if that comes first.</summary>
    private int CopyRange(int source, int target, long end)
    {
        // Files in /proc say that they are empty, and the kernel's copy believes them.
        var byBuffer = end == long.MaxValue || end - Length <= BufferSize;
        while (Length < end)
        {
            _cancellation.ThrowIfCancellationRequested();
            var byKernel = !byBuffer && _canCopyRange;
            var copied = byKernel
                ? _paths.CopyRange(source, target, Length, Math.Min(ChunkSize, end - Length))
                : CopyBuffer(source, target, Length, end - Length);
            if (copied > 0)
            {
                _rangeCopied |= byKernel;
                AdvanceTo(Length + copied);
            }
            else if (copied == 0 && !byKernel)
            {
                return CheckEnd(source);
            }
            else if (!byKernel || (copied < 0 && !IsNotForThese((int)-copied)))
            {
                return (int)copied;
            }
            else
            {
                // 0 before the end is how some file systems say that they cannot.
                _canCopyRange = copied is not (-Errno.ENOSYS or -Errno.EXDEV or -Errno.EOPNOTSUPP);
                byBuffer = true;
            }
        }

        return 0;
    }

    /// <summary>Nothing more can be read. That is the end when the file has become shorter, or has no content of its own
    /// and tells a size that it does not keep to, as in /sys; otherwise something is missing.</summary>
    private int CheckEnd(int source)
    {
        var error = _paths.Stat(source, out var now);
        return error < 0 ? error : now.Blocks > 0 && (long)now.Size > Length ? -Errno.EIO : 0;
    }

    private void AdvanceTo(long length)
    {
        if (length > Length)
        {
            var more = length - Length;
            Length = length;
            _onProgress?.Invoke(more);
        }
    }

    /// <summary>What copy_file_range(2) says of files between which it cannot copy, though read and write
    /// can.</summary>
    private static bool IsNotForThese(int errno) =>
        errno is Errno.ENOSYS or Errno.EXDEV or Errno.EOPNOTSUPP or Errno.EINVAL or Errno.EPERM;

    private long CopyBuffer(int source, int target, long position, long length)
    {
        var read = _paths.Read(source, _buffer.AsSpan(0, (int)Math.Min(BufferSize, length)), position);
        if (read <= 0)
        {
            return read;
        }

        var error = WriteFully(_paths, target, _buffer.AsSpan(0, read), position);
        return error < 0 ? error : read;
    }

    private int ReadFully(int file, Span<byte> buffer, long position)
    {
        var done = 0;
        while (done < buffer.Length)
        {
            var read = _paths.Read(file, buffer[done..], position + done);
            if (read <= 0)
            {
                return read < 0 ? read : done;
            }

            done += read;
        }

        return done;
    }
}
