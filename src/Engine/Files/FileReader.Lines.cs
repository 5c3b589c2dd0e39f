using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Actors.Engine.Files;

namespace Actors.Engine;

/// <content>
/// Lines and text. A line that lies within the chunk is handed out where it is. One that goes on in the next chunk is
/// joined: its beginning is put aside before the chunk is given up, and the rest is added when it comes.
/// </content>
public sealed partial class FileReader
{
    private LineEnds _lineEnds;
    private Encoding _encoding;

    // True when the next line is found by its line feed alone: nothing joined, no mark to pass, no other line ends.
    private bool _plain;
    private bool _markDue;
    private bool _starved;
    private bool _atEnd;
    private byte[] _joined = [];
    private int _joinedLength;
    private bool _joinedUsed;

    // The line that was found last.
    private byte[] _lineBytes = [];
    private int _lineStart;
    private int _lineLength;

    /// <summary>The encoding of lines and text: the one of the options, or what a byte order mark has said.</summary>
    public Encoding CurrentEncoding => _encoding;

    internal ReadOnlyMemory<byte> Line => new(_lineBytes, _lineStart, _lineLength);

    private ReadOnlySpan<byte> LineSpan => new(_lineBytes, _lineStart, _lineLength);

    // ------------------------------------------------------------------ as text

    /// <summary>Reads a line. A last one without a line end is a line too.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The line, without its end unless the options keep it; null at the end of the file.</returns>
    /// <exception cref="FileEngineException">The line is too long, or could not be read.</exception>
    public ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<string?>(cancellationToken);
            }

            if (TryFindLine())
            {
                return new ValueTask<string?>(_encoding.GetString(LineSpan));
            }
        }

        return ReadLineAfterFillAsync(cancellationToken);
    }

    /// <summary>The lines from the position to the end of the file, each a string.</summary>
    /// <param name="cancellationToken">Ends the wait for a chunk.</param>
    public async IAsyncEnumerable<string> ReadLinesAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            do
            {
                while (TryFindLine())
                {
                    yield return _encoding.GetString(LineSpan);
                }
            }
            while (await FillWindowAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>The text from the position to the end of the file.</summary>
    /// <inheritdoc cref="ReadToEndAsync"/>
    public async ValueTask<string> ReadTextToEndAsync(CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            var atStart = Position == 0;
            LeaveLines();
            var bytes = await TakeAllAsync(cancellationToken).ConfigureAwait(false);
            return _encoding.GetString(bytes.AsSpan(atStart ? PassMark(bytes) : 0));
        }
    }

    // ------------------------------------------------------------------ as bytes

    /// <summary>The lines from the position to the end of the file, each as its bytes in the file: no string, nothing
    /// allocated, and no wait but once a chunk.</summary>
    /// <param name="cancellationToken">Ends the wait for a chunk.</param>
    /// <returns>Each line is valid until the next one is asked for.</returns>
    public ByteLines ReadByteLinesAsync(CancellationToken cancellationToken = default) => new(this, cancellationToken);

    /// <summary>
    /// Takes the next line if it is in memory. With <see cref="FillAsync"/> this is the loop that costs least:
    /// <code>
    /// do
    /// {
    ///     while (reader.TryReadLine(out var line)) { ... }
    /// }
    /// while (await reader.FillAsync());
    /// </code>
    /// </summary>
    /// <param name="line">Valid until the reader's next call.</param>
    /// <returns>False when more of the file is needed: call <see cref="FillAsync"/>.</returns>
    /// <remarks>That another call is under way is noticed here if it waits, not if it is another thread's
    /// <c>TryReadLine</c>.</remarks>
    /// <exception cref="FileEngineException">The line is too long.</exception>
    public bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        if (_inUse != 0)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            throw InUse();
        }

        var found = TryFindLine();
        line = found ? LineSpan : default;
        return found;
    }

    /// <summary>Reads on, once <see cref="TryReadLine"/> has found no more lines.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False at the end of the file. True: look again; a line longer than a chunk may still be
    /// incomplete.</returns>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            return await FillWindowAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // ------------------------------------------------------------------ for enumerators

    /// <summary>Has every other call refused until <see cref="EndLines"/>.</summary>
    internal void BeginLines() => Claim();

    internal void EndLines() => Release();

    internal async ValueTask<bool> FindLineAfterFillAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (!await FillWindowAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }
        while (!TryFindLine());

        return true;
    }

    /// <summary>Finds the next line and takes it.</summary>
    internal bool TryFindLine()
    {
        if (!_plain)
        {
            return TryFindLineWithCare();
        }

        var unread = _window.Unread;
        var length = unread.IndexOf((byte)'\n');
        if ((uint)length > (uint)_options.LineSizeMax)
        {
            return length < 0 ? !(_starved = true) : TryFindLineByItsEnd();
        }

        _lineBytes = _window.Bytes;
        _lineStart = _window.Start;
        _window.Use(length + 1);
        _lineLength = _options.KeepLineEnds ? length + 1
            : length > 0 && unread[length - 1] == '\r' ? length - 1
            : length;
        return true;
    }

    // ------------------------------------------------------------------ with the reader claimed

    private async ValueTask<string?> ReadLineAfterFillAsync(CancellationToken cancellationToken)
    {
        using (Claim())
        {
            return await FindLineAfterFillAsync(cancellationToken).ConfigureAwait(false)
                ? _encoding.GetString(LineSpan)
                : null;
        }
    }

    /// <summary>Brings more of the file, or says that what has been joined is the last line.</summary>
    private async ValueTask<bool> FillWindowAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ForgetUsedLine();
        if (!_starved && !_window.IsEmpty)
        {
            return true;
        }

        PutAside();
        if (await _window.FetchAsync(cancellationToken).ConfigureAwait(false))
        {
            _starved = false;
            return true;
        }

        _atEnd = _joinedLength > 0;
        _starved = !_atEnd;
        return _atEnd;
    }

    private bool TryFindLineWithCare()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ForgetUsedLine();
        if (_joinedLength > 0)
        {
            return TryFindJoinedLine();
        }

        if (_markDue && !_window.IsEmpty)
        {
            _markDue = false;
            _window.Use(_window.Position == 0 ? PassMark(_window.Unread) : 0);
        }

        if (!_markDue && _lineEnds.IsLineFeedByte)
        {
            _plain = true;
            return TryFindLine();
        }

        return TryFindLineByItsEnd();
    }

    private bool TryFindLineByItsEnd()
    {
        if (!_lineEnds.TryFind(_window.Unread, false, out var length, out var end))
        {
            return !(_starved = true);
        }

        FailIfTooLong(length);
        SetLine(_window.Bytes, _window.Start, length, end);
        _window.Use(length + end);
        return true;
    }

    private bool TryFindJoinedLine()
    {
        var unread = _window.Unread;
        var taken = _lineEnds.LengthToJoin(_joined.AsSpan(0, _joinedLength), unread);
        Join(unread[..taken]);
        var isAll = _atEnd || !_window.IsEmpty;
        if (!_lineEnds.TryFind(_joined.AsSpan(0, _joinedLength), isAll, out var length, out var end))
        {
            return !(_starved = true);
        }

        FailIfTooLong(length);
        SetLine(_joined, 0, length, end);
        _joinedUsed = true;
        _atEnd = false;
        return true;
    }

    private void SetLine(byte[] bytes, int start, int length, int end)
    {
        _lineBytes = bytes;
        _lineStart = start;
        _lineLength = _options.KeepLineEnds ? length + end : length;
    }

    private void ForgetUsedLine()
    {
        if (_joinedUsed)
        {
            _joinedUsed = false;
            _joinedLength = 0;
        }
    }

    /// <summary>What is left of the chunk is the beginning of a line.</summary>
    private void PutAside()
    {
        if (!_window.IsEmpty)
        {
            Join(_window.Unread);
            _plain = false;
        }
    }

    private void Join(ReadOnlySpan<byte> part)
    {
        var length = _joinedLength + part.Length;

        // Its end may be among the bytes, of two units at most.
        FailIfTooLong(length - (2 * _lineEnds.Unit));
        if (length > _joined.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1024));
            _joined.AsSpan(0, _joinedLength).CopyTo(larger);
            ReturnJoined();
            _joined = larger;
        }

        part.CopyTo(_joined.AsSpan(_joinedLength));
        _joinedLength = length;
        _window.Use(part.Length);
    }

    private void ReturnJoined()
    {
        if (_joined.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_joined);
            _joined = [];
        }
    }

    /// <summary>Lets a byte order mark decide the encoding.</summary>
    /// <returns>Bytes of the mark.</returns>
    private int PassMark(ReadOnlySpan<byte> bytes)
    {
        var encoding = ByteOrderMark.Detect(bytes, _options.Encoding, _options.DetectEncoding, out var length);
        if (encoding != _encoding)
        {
            _encoding = encoding;
            _lineEnds = new LineEnds(encoding, _options.UniversalNewLines);
        }

        return length;
    }

    private void FailIfTooLong(int length)
    {
        if (length > _options.LineSizeMax)
        {
            throw new FileEngineException(
                File.Path, FailureReason.LineTooLong,
                $"the line at byte {Position} of {File.Path} is longer than {_options.LineSizeMax} bytes "
                + $"({nameof(FileReaderOptions)}.{nameof(FileReaderOptions.LineSizeMax)})");
        }
    }
}
