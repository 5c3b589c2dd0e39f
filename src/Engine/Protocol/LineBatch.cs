using Actors.Engine.Memory;

namespace Actors.Engine;

/// <summary>
/// A run of whole lines, in one buffer of the engine's bounded pool; no object per line. Enumerating gives each line as
/// bytes without its terminator (LF, or CR LF). <b>Dispose it</b> when done, from any thread.
/// </summary>
public sealed class LineBatch : IDisposable
{
    private Slab? _slab;
    private readonly int _start;
    private readonly int _length;

    internal LineBatch(Slab slab, int start, int length, long firstLine)
    {
        _slab = slab;
        _start = start;
        _length = length;
        FirstLine = firstLine;
    }

    /// <summary>The number of the first line in the file, from 0.</summary>
    public long FirstLine { get; }

    /// <summary>All the bytes, terminators included. Valid until <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Memory =>
        (_slab ?? throw new ObjectDisposedException(nameof(LineBatch))).Memory.Slice(_start, _length);

    /// <summary>Counts the lines (vectorised; a last line without terminator counts).</summary>
    public int CountLines()
    {
        var bytes = Memory.Span;
        var count = bytes.Count((byte)'\n');
        return bytes.Length > 0 && bytes[^1] != (byte)'\n' ? count + 1 : count;
    }

    /// <summary>Enumerates the lines. The spans are valid until <see cref="Dispose"/>.</summary>
    public Enumerator GetEnumerator() => new(Memory.Span);

    /// <summary>Gives the buffer back. Calling it twice does nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _slab, null)?.Return();

    /// <summary>Walks the lines of a batch.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> bytes)
        {
            _rest = bytes;
            Current = default;
        }

        /// <summary>The line, without its terminator.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Steps to the next line.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            var end = _rest.IndexOf((byte)'\n');
            var line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            Current = line.Length > 0 && line[^1] == (byte)'\r' && end >= 0 ? line[..^1] : line;
            return true;
        }
    }
}
