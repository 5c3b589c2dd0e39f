using Actors.Engine.Files;

namespace Actors.Engine;

/// <summary>The lines of a file as bytes, for <c>await foreach</c>: see <see cref="FileReader.ReadByteLinesAsync"/>.
/// </summary>
public sealed class ByteLines : IAsyncEnumerable<ReadOnlyMemory<byte>>
{
    private readonly FileReader _reader;
    private readonly CancellationToken _cancellationToken;

    internal ByteLines(FileReader reader, CancellationToken cancellationToken)
    {
        _reader = reader;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Begins an enumeration; until it is disposed of, other calls on the reader are refused.</summary>
    /// <param name="cancellationToken">In place of the one given before, if that cannot be cancelled.</param>
    public Enumerator GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new(_reader, _cancellationToken.CanBeCanceled ? _cancellationToken : cancellationToken);

    IAsyncEnumerator<ReadOnlyMemory<byte>> IAsyncEnumerable<ReadOnlyMemory<byte>>.GetAsyncEnumerator(
        CancellationToken cancellationToken) => GetAsyncEnumerator(cancellationToken);

    /// <summary>Walks the lines; completes at once but for one line in a chunk.</summary>
    public sealed class Enumerator : IAsyncEnumerator<ReadOnlyMemory<byte>>
    {
        private readonly CancellationToken _cancellationToken;
        private FileReader? _reader;
        private bool _filling;

        internal Enumerator(FileReader reader, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            reader.BeginLines();
            _reader = reader;
            _cancellationToken = cancellationToken;
        }

        /// <summary>The line; valid until the next step.</summary>
        public ReadOnlyMemory<byte> Current => _reader!.Line;

        /// <summary>Steps to the next line.</summary>
        /// <returns>False at the end of the file.</returns>
        public ValueTask<bool> MoveNextAsync()
        {
            ObjectDisposedException.ThrowIf(_reader is null, this);
            if (_filling)
            {
                throw new InvalidOperationException("the last step of this enumeration has not completed yet");
            }

            return _reader.TryFindLine() ? new ValueTask<bool>(true) : MoveOnAsync(_reader);
        }

        /// <summary>Lets other calls have the reader. Lines that were not taken are theirs.</summary>
        public ValueTask DisposeAsync()
        {
            Interlocked.Exchange(ref _reader, null)?.EndLines();
            return default;
        }

        private async ValueTask<bool> MoveOnAsync(FileReader reader)
        {
            _filling = true;
            try
            {
                return await reader.FindLineAfterFillAsync(_cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _filling = false;
            }
        }
    }
}
