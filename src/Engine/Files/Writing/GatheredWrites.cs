using Actors.Engine.Memory;

namespace Actors.Engine.Files;

/// <summary>
/// What a stream writes: small pieces in a row are gathered, and written together when the buffer is full, when the
/// position moves elsewhere, or on demand. Not thread-safe.
/// </summary>
/// <remarks>
/// What could not be written is kept and tried again; what of it is in the file is not. A write whose outcome is not known
/// ends that: nothing is written behind it, and every call fails as it did.
/// </remarks>
internal sealed class GatheredWrites(EngineFile file, int bufferSize)
{
    private IoBuffer? _buffer;
    private FileEngineException? _failure;
    private long _gatheredAt;
    private int _fullSize;
    private bool _isBusy;

    /// <summary>Where the next bytes go. Bytes gathered for another position stay where they belong.</summary>
    public long Position { get; set; }

    /// <summary>Bytes that are gathered.</summary>
    public int Gathered { get; private set; }

    /// <summary>Behind the last byte that is gathered, unless the file is open for appending.</summary>
    public long End => Gathered == 0 ? 0 : _gatheredAt + Gathered;

    private int Room
    {
        get
        {
            _fullSize = _buffer is null ? file.BufferSizeFor(bufferSize) : _fullSize;
            return _fullSize - Gathered;
        }
    }

    /// <summary>Gathers bytes, if there is room for all of them and they follow what is there.</summary>
    public bool TryGather(ReadOnlySpan<byte> data)
    {
        if (_failure is not null || data.Length > Room
            || (Gathered > 0 && Position != _gatheredAt + Gathered))
        {
            return false;
        }

        if (Gathered == 0)
        {
            _gatheredAt = Position;
        }

        Reserve(Gathered + data.Length);
        data.CopyTo(_buffer!.Bytes.AsSpan(Gathered));
        Gathered += data.Length;
        Position += data.Length;
        return true;
    }

    /// <summary>Gathers as much as there is room for; at least something, after a <see cref="FlushAsync"/>.</summary>
    /// <returns>Bytes taken.</returns>
    public int GatherPart(ReadOnlySpan<byte> data)
    {
        var part = data[..Math.Min(data.Length, Room)];
        return TryGather(part) ? part.Length : 0;
    }

    /// <summary>Forgets the last of what was gathered: the call that brought them fails.</summary>
    /// <param name="count">Bytes that the call has brought.</param>
    /// <returns>Bytes of them that were gathered still, and now are not.</returns>
    public int TakeBack(int count)
    {
        var taken = Math.Min(count, Gathered);
        Gathered -= taken;
        Position -= taken;
        return taken;
    }

    /// <summary>Writes bytes that could not be gathered, behind those that were.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await FlushForAsync(cancellationToken).ConfigureAwait(false);
        if (data.Length < bufferSize && TryGather(data.Span))
        {
            return;
        }

        try
        {
            await WriteToFileAsync(Position, data, cancellationToken).ConfigureAwait(false);
            Position += data.Length;
        }
        catch (FileEngineException e)
        {
            Position += e.BytesDone;
            _failure = e.IsUnfinished ? e : null;
            throw;
        }
    }

    /// <summary>Completes when the kernel has everything.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_failure is { } failure)
        {
            // What was gathered may still be written.
            throw failure.Again(0, failure.IsUnfinished);
        }

        if (Gathered == 0)
        {
            return;
        }

        try
        {
            await WriteToFileAsync(_gatheredAt, _buffer!.Memory[..Gathered], cancellationToken).ConfigureAwait(false);
            _isBusy = Gathered > IoBufferPool.SizeMin;
            Gathered = 0;
            ReturnBuffer();
        }
        catch (FileEngineException e)
        {
            Keep((int)e.BytesDone, e);
            throw;
        }
    }

    /// <summary>The same on behalf of a call for something else, none of which is done if it fails.</summary>
    public async ValueTask FlushForAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FileEngineException e)
        {
            throw e.Again(0);
        }
    }

    /// <summary>Gives the memory back, and forgets what is in it.</summary>
    public void Dispose()
    {
        ReturnBuffer();
        Gathered = 0;
    }

    /// <summary>Has a buffer for so many bytes: a small one until more come than that.</summary>
    private void Reserve(int size)
    {
        if (_buffer?.Length >= size)
        {
            return;
        }

        var smaller = _buffer;
        _buffer = file.Buffers.Lend(smaller is null && !_isBusy ? Math.Max(IoBufferPool.SizeMin, size) : _fullSize);
        smaller?.Bytes[..Gathered].CopyTo(_buffer.Bytes);
        smaller?.Return();
    }

    private void ReturnBuffer()
    {
        _buffer?.Return();
        _buffer = null;
    }

    private ValueTask WriteToFileAsync(long offset, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        file.Mode == OpenMode.Append
            ? file.AppendAsync(data, cancellationToken)
            : file.WriteAsync(offset, data, cancellationToken);

    private void Keep(int done, FileEngineException failure)
    {
        Gathered -= done;
        _gatheredAt += done;
        if (failure.IsUnfinished)
        {
            _failure = failure;
            ReturnBuffer();
        }
        else if (done > 0)
        {
            _buffer!.Bytes.AsSpan(done, Gathered).CopyTo(_buffer.Bytes);
        }
    }
}
