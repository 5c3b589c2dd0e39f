using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Actors.Engine.Files;
using Actors.Engine.Memory;

namespace Actors.Engine;

/// <content>
/// Lines and text. A line that lies within the chunk is handed out where it is. One that goes on in the next chunk is
/// joined: its beginning is put aside before the chunk is given up, and the rest is added when it comes.
/// </content>
public sealed partial class FileReader
{
    /// <summary>Characters of the longest string.</summary>
    private const int StringLengthMax = 0x3FFF_FFDF;

    /// <summary>Bytes of the longest line: what an array holds, with the memory aligned.</summary>
    private const int JoinedMax = 0x7FFF_FFC7 - (4 << 10);

    /// <summary>Bytes of a line from which on operations may use it where it is.</summary>
    private const int LongLine = 4 << 10;

    private LineEnds _lineEnds;
    private Encoding _encoding;

    // True when the next line is found by its line feed alone: nothing joined, no mark to pass, no other line ends.
    private bool _plain;
    private bool _markDue;
    private bool _starved;
    private bool _atEnd;

    // The beginning of a line, or a whole one and what has come with it; the first bytes of it have been taken.
    private IoBuffer? _joined;
    private int _joinedLength;
    private int _joinedTaken;
    private int _joinedClean;

    // The line that was found last.
    private byte[] _lineBytes = [];
    private int _lineStart;
    private int _lineLength;

    /// <summary>The encoding of lines and text: the one of the options, or what a byte order mark has said.</summary>
    public Encoding CurrentEncoding => _encoding;

    internal ReadOnlyMemory<byte> Line =>
        _lineLength < LongLine ? new ReadOnlyMemory<byte>(_lineBytes, _lineStart, _lineLength)
        : _joinedTaken > 0 ? _joined!.Memory.Slice(_lineStart - _joined.Bytes.Offset, _lineLength)
        : _window.MemoryOf(_lineStart, _lineLength);

    private ReadOnlySpan<byte> Joined => _joined is null ? default : _joined.Bytes.AsSpan(0, _joinedLength);

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
                return new ValueTask<string?>(TextOf(LineSpan));
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
            cancellationToken.ThrowIfCancellationRequested();
            do
            {
                while (TryFindLine())
                {
                    yield return TextOf(LineSpan);
                }
            }
            while (await FillWindowAsync(cancellationToken).ConfigureAwait(false));
        }
    }

    /// <summary>The text from the position to the end of the file.</summary>
    /// <param name="cancellationToken">Ends the wait; the position stays where it was.</param>
    /// <exception cref="FileEngineException">There is more than a string holds, with a byte to a character, or two in
    /// UTF-16 and UTF-32: <see cref="FailureReason.FileTooLarge"/>.</exception>
    public async ValueTask<string> ReadTextToEndAsync(CancellationToken cancellationToken = default)
    {
        using (Claim())
        {
            cancellationToken.ThrowIfCancellationRequested();
            LeaveLines();
            var start = Position;
            try
            {
                if (_window.IsEmpty && !await FetchAsync(cancellationToken).ConfigureAwait(false))
                {
                    return "";
                }

                // How much fits depends on the encoding. It may start again now.
                var atStart = Position == 0;
                _ = atStart ? PassMark(_window.Unread) : 0;
                var bytes = await TakeAllAsync(TextSizeMax, "a string", cancellationToken).ConfigureAwait(false);
                return TextOf(bytes.AsSpan(atStart ? PassMark(bytes) : 0));
            }
            catch
            {
                MoveTo(start);
                throw;
            }
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
            return await FindLineAfterFillAsync(cancellationToken).ConfigureAwait(false) ? TextOf(LineSpan) : null;
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
        if (await FetchAsync(cancellationToken).ConfigureAwait(false))
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
        if (_markDue && !TryPassMark())
        {
            return !(_starved = true);
        }

        if (_joinedLength > 0)
        {
            return TryFindJoinedLine();
        }

        if (_lineEnds.IsLineFeedByte)
        {
            _plain = true;
            return TryFindLine();
        }

        return TryFindLineByItsEnd();
    }

    private bool TryFindLineByItsEnd()
    {
        var clean = 0;
        if (!_lineEnds.TryFind(_window.Unread, ref clean, false, out var length, out var end))
        {
            return !(_starved = true);
        }

        FailIfTooLong(length);
        SetLine(_window.Bytes, _window.Start, length, end);
        _window.Use(length + end);
        return true;
    }

    /// <summary>The rest of the line may be in the window. Of what is joined already a part may be of the next line: where
    /// units are split between chunks, or a mark has been looked for.</summary>
    private bool TryFindJoinedLine()
    {
        if (!_lineEnds.TryFind(Joined, ref _joinedClean, false, out var length, out var end))
        {
            var unread = _window.Unread;
            var taken = _lineEnds.LengthToJoin(Joined, unread);
            FailIfTooLongToJoin(taken);
            Join(unread[..taken]);
            var isAll = _atEnd || !_window.IsEmpty;
            if (!_lineEnds.TryFind(Joined, ref _joinedClean, isAll, out length, out end))
            {
                return !(_starved = true);
            }
        }

        FailIfTooLong(length);
        SetLine(_joined!.Bytes.Array!, _joined.Bytes.Offset, length, end);
        _joinedTaken = length + end;
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
        if (_joinedTaken == 0)
        {
            return;
        }

        var left = Joined[_joinedTaken..];
        _joinedLength = _joinedTaken = _joinedClean = 0;
        var used = _joined;
        _joined = null;
        Join(left, used: 0);
        used!.Return();
    }

    /// <summary>What is left of the chunk is the beginning of a line.</summary>
    private void PutAside()
    {
        if (!_window.IsEmpty)
        {
            FailIfTooLongToJoin(_window.Unread.Length);
            Join(_window.Unread);
            _plain = false;
        }
    }

    private void Join(ReadOnlySpan<byte> part) => Join(part, part.Length);

    /// <summary>Adds a part to what is joined, and takes so many bytes out of the window.</summary>
    private void Join(ReadOnlySpan<byte> part, int used)
    {
        if (part.IsEmpty)
        {
            return;
        }

        var length = _joinedLength + part.Length;
        if (_joined is null || length > _joined.Length)
        {
            var smaller = _joined;
            _joined = Lend(length);
            smaller?.Bytes[.._joinedLength].CopyTo(_joined.Bytes);
            smaller?.Return();
        }

        part.CopyTo(_joined.Bytes.AsSpan(_joinedLength));
        _joinedLength = length;
        _window.Use(used);
    }

    private IoBuffer Lend(int length)
    {
        try
        {
            return File.Buffers.Lend((int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)length), JoinedMax));
        }
        catch (OutOfMemoryException)
        {
            throw NoMemory(length);
        }
    }

    private void ReturnJoined()
    {
        _joined?.Return();
        _joined = null;
        _joinedLength = _joinedTaken = _joinedClean = 0;
    }

    /// <summary>Passes the byte order mark, if there is one, which decides the encoding.</summary>
    /// <returns>False when more bytes are needed to tell.</returns>
    private bool TryPassMark()
    {
        if (Position == 0)
        {
            if (_joinedLength > 0)
            {
                var more = Math.Min(Math.Max(ByteOrderMark.LengthMax - _joinedLength, 0), _window.Unread.Length);
                Join(_window.Unread[..more]);
            }

            var beginning = _joinedLength > 0 ? Joined : _window.Unread;
            if (!_atEnd && ByteOrderMark.MayGoOn(beginning, _options.Encoding, _options.DetectEncoding))
            {
                return false;
            }

            var length = PassMark(beginning);
            if (_joinedLength > 0)
            {
                _joinedTaken = length;
                ForgetUsedLine();
            }
            else
            {
                _window.Use(length);
            }
        }

        _markDue = false;
        return true;
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

    /// <summary>The end of the line may be among what is joined, of two units at most.</summary>
    private void FailIfTooLongToJoin(int more)
    {
        var length = (long)_joinedLength + more;
        FailIfTooLong((int)Math.Min(length - (2 * _lineEnds.Unit), int.MaxValue));
        if (length > JoinedMax)
        {
            throw TooLong(JoinedMax, "more than is joined in memory");
        }
    }

    private void FailIfTooLong(int length)
    {
        if (length > _options.LineSizeMax)
        {
            throw TooLong(
                _options.LineSizeMax, $"{nameof(FileReaderOptions)}.{nameof(FileReaderOptions.LineSizeMax)}");
        }
    }

    private FileEngineException TooLong(int limit, string what) => new(
        File.Path, FailureReason.LineTooLong,
        $"the line at byte {Position} of {File.Path} is longer than {limit} bytes ({what})");

    /// <summary>Bytes that are sure to fit into a string.</summary>
    private long TextSizeMax => Math.Min(_lineEnds.Unit == 1 ? StringLengthMax : 2L * StringLengthMax, Array.MaxLength);

    private string TextOf(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return _encoding.GetString(bytes);
        }
        catch (OutOfMemoryException)
        {
            throw bytes.Length > TextSizeMax ? TooLong(StringLengthMax, "a string holds no more") : NoMemory(bytes.Length);
        }
    }

    private FileEngineException NoMemory(long bytes) => new(
        File.Path, FailureReason.OutOfResources, $"there is no memory for {bytes} bytes of {File.Path}");
}
