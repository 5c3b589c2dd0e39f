using System.Buffers;

namespace Actors.Engine.Files;

/// <summary>
/// What a stream writes: small pieces in a row are gathered, and written together when the buffer is full, when the
/// position moves elsewhere, or on demand. Not thread-safe.
/// </summary>
/// <remarks>What could not be written is kept and tried again; what of it is in the file is not.</remarks>
internal sealed class GatheredWrites(EngineFile file, int bufferSize, long position)
{
    private byte[]? _buffer;
    private long _gatheredAt;
    private int _gathered;
    private bool _mayBeInUse;

    /// <summary>Where the next bytes go. Bytes gathered for another position stay where they belong.</summary>
    public long Position { get; set; } = position;

    /// <summary>Gathers bytes, if there is room for all of them and they follow what is there.</summary>
    public bool TryGather(ReadOnlySpan<byte> data)
    {
        if (data.Length > bufferSize - _gathered || (_gathered > 0 && Position != _gatheredAt + _gathered))
        {
            return false;
        }

        if (_gathered == 0)
        {
            _gatheredAt = Position;
        }

        _buffer ??= ArrayPool<byte>.Shared.Rent(bufferSize);
        data.CopyTo(_buffer.AsSpan(_gathered));
        _gathered += data.Length;
        Position += data.Length;
        return true;
    }

    /// <summary>Gathers as much as there is room for; at least something, after a <see cref="FlushAsync"/>.</summary>
    /// <returns>Bytes taken.</returns>
    public int GatherPart(ReadOnlySpan<byte> data)
    {
        var part = data[..Math.Min(data.Length, bufferSize - _gathered)];
        return TryGather(part) ? part.Length : 0;
    }

    /// <summary>Writes bytes that could not be gathered, behind those that were.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        if (data.Length < bufferSize)
        {
            TryGather(data.Span);
            return;
        }

        await WriteToFileAsync(Position, data, cancellationToken).ConfigureAwait(false);
        Position += data.Length;
    }

    /// <summary>Completes when the kernel has everything.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_gathered == 0)
        {
            return;
        }

        try
        {
            await WriteToFileAsync(_gatheredAt, _buffer.AsMemory(0, _gathered), cancellationToken)
                .ConfigureAwait(false);
            _gathered = 0;
        }
        catch (FileEngineException e)
        {
            Keep((int)e.BytesDone, e.Reason == FailureReason.TimedOut);
            throw;
        }
    }

    /// <summary>Gives the memory back, and forgets what is in it.</summary>
    public void Dispose()
    {
        if (_buffer is not null && !_mayBeInUse)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = null;
        _gathered = 0;
    }

    private ValueTask WriteToFileAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        file.Mode == OpenMode.Append
            ? file.AppendAsync(data, cancellationToken)
            : file.WriteAsync(offset, data, cancellationToken);

    private void Keep(int done, bool mayBeInUse)
    {
        // The kernel may read it yet, so that it must not change; the file takes nothing more then.
        _mayBeInUse |= mayBeInUse;
        if (done > 0 && !mayBeInUse)
        {
            _buffer.AsSpan(done, _gathered - done).CopyTo(_buffer);
            _gathered -= done;
            _gatheredAt += done;
        }
    }
}
