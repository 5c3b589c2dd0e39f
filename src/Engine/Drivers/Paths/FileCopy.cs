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
    private readonly Action<long>? _onProgress;
    private readonly CancellationToken _cancellation;
    private bool _canClone = true;
    private bool _canCopyRange = true;
    private bool _rangeCopied;

    /// <param name="onProgress">Told how many bytes have been copied since the last time.</param>
    /// <param name="cancellation">Ends a copy between chunks, with an exception.</param>
    public FileCopy(Action<long>? onProgress, CancellationToken cancellation)
    {
        _onProgress = onProgress;
        _cancellation = cancellation;
    }

    /// <summary>How the last file was copied.</summary>
    public CopyMethod Method { get; private set; }

    /// <summary>Copies everything; 0 or a negative errno.</summary>
    /// <param name="source">Open for reading.</param>
    /// <param name="target">Open for writing, empty.</param>
    /// <param name="info">Of the source.</param>
    public int Copy(int source, int target, in Statx info)
    {
        _cancellation.ThrowIfCancellationRequested();
        var size = (long)info.Size;
        if (size > 0 && TryClone(source, target))
        {
            Method = CopyMethod.Reflink;
            _onProgress?.Invoke(size);
            return 0;
        }

        _rangeCopied = false;
        var error = size > BufferSize && info.Blocks * 512 < info.Size
            ? CopySparse(source, target, size)
            : CopyRange(source, target, 0, size);
        Method = _rangeCopied ? CopyMethod.Kernel : CopyMethod.ReadWrite;
        return error;
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

        var error = -LinuxPaths.Clone(source, target);

        // Other errors may be of this file alone.
        _canClone = error is not (Errno.EOPNOTSUPP or Errno.ENOTTY or Errno.EXDEV or Errno.ENOSYS);
        return error == 0;
    }

    private int CopySparse(int source, int target, long size)
    {
        for (long position = 0; position < size;)
        {
            var data = LinuxPaths.NextData(source, position);
            if (data == -Errno.ENXIO)
            {
                break;
            }

            var hole = data < 0 ? data : LinuxPaths.NextHole(source, data);
            if (hole < 0)
            {
                // It does not say where its holes are: they become zeros.
                return CopyRange(source, target, 0, size);
            }

            var error = CopyRange(source, target, data, Math.Min(hole, size));
            if (error < 0)
            {
                return error;
            }

            position = hole;
        }

        return LinuxPaths.SetLength(target, size);
    }

    /// <summary>Copies what lies between two positions, of a file of unknown length what there is.</summary>
    private int CopyRange(int source, int target, long position, long end)
    {
        // Files in /proc say that they are empty, and the kernel's copy believes them.
        var byBuffer = end - position <= BufferSize;
        end = end == 0 ? long.MaxValue : end;
        while (position < end)
        {
            _cancellation.ThrowIfCancellationRequested();
            var copied = byBuffer || !_canCopyRange
                ? CopyBuffer(source, target, position, end - position)
                : LinuxPaths.CopyRange(source, target, position, Math.Min(ChunkSize, end - position));
            if (copied <= 0)
            {
                if (copied < 0 && _canCopyRange && !byBuffer && IsNotForThese((int)-copied))
                {
                    _canCopyRange = copied is not (-Errno.ENOSYS or -Errno.EXDEV or -Errno.EOPNOTSUPP);
                    byBuffer = true;
                    continue;
                }

                return (int)copied;
            }

            _rangeCopied |= !byBuffer && _canCopyRange;
            position += copied;
            _onProgress?.Invoke(copied);
        }

        return 0;
    }

    /// <summary>What copy_file_range(2) says of files between which it cannot copy, though read and write
    /// can.</summary>
    private static bool IsNotForThese(int errno) =>
        errno is Errno.ENOSYS or Errno.EXDEV or Errno.EOPNOTSUPP or Errno.EINVAL or Errno.EPERM;

    private long CopyBuffer(int source, int target, long position, long length)
    {
        var read = LinuxPaths.Read(source, _buffer.AsSpan(0, (int)Math.Min(BufferSize, length)), position);
        if (read <= 0)
        {
            return read;
        }

        var error = LinuxPaths.Write(target, _buffer.AsSpan(0, read), position);
        return error < 0 ? error : read;
    }

    private static int ReadFully(int file, Span<byte> buffer, long position)
    {
        var done = 0;
        while (done < buffer.Length)
        {
            var read = LinuxPaths.Read(file, buffer[done..], position + done);
            if (read <= 0)
            {
                return read < 0 ? read : done;
            }

            done += read;
        }

        return done;
    }
}
