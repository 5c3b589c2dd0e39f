using Actors.Engine;

namespace Actors.Reliability.Soak.Load;

/// <summary>Reads by demand, in chunks or lines, and compares. Slow ones keep what they get for a while, and ask for no
/// more meanwhile.</summary>
internal sealed class ReadUser(SoakEngine soak, int id, bool isSlow) : FileUser(soak, id)
{
    private readonly List<IDisposable> _kept = [];
    private DemandUnit _unit;
    private long _position;
    private bool _isWaiting;

    protected override int Budget => Random.Next(2, 12);

    protected override Open NextOpen()
    {
        Ledger = new CommandLedger(Soak.Counts, Name, false);
        _unit = Random.Next(2) == 0 ? DemandUnit.Chunks : DemandUnit.Lines;
        return new Open(
            Soak.PathOf(SharedLines.Name), OpenMode.Read,
            new OpenOptions { ChunkSize = 4096 << Random.Next(4), InFlight = Random.Next(1, 5) });
    }

    protected override void OnOpened(Opened opened)
    {
        _position = 0;
        _isWaiting = false;
    }

    protected override FileCommand? Next(long token) =>
        _isWaiting || Ledger.Open > 0 ? null
        : Random.Next(30) == 0 ? new Read(Random.Next(SharedLines.Content.Length), new byte[3000], token)
        : Random.Next(100) == 0 ? new ReadAll(token)
        : new Demand(isSlow ? 1 : Random.Next(1, 6), _unit, token);

    protected override bool OnOther(object message)
    {
        switch (message)
        {
            case Chunk chunk:
                Keep(chunk, chunk.Memory.Span);
                return true;
            case LineBatch batch:
                Keep(batch, batch.Memory.Span);
                return true;
            case GoOn:
                Release();
                _isWaiting = false;
                return true;
            default:
                return false;
        }
    }

    protected override void OnDone(FileCommand command, object answer)
    {
        switch (answer)
        {
            case DemandMet { EndOfFile: true }:
                Exhaust();
                break;
            case DataRead read:
                Compare(read.Data.Span, read.Offset);
                break;
            case WholeFile whole:
                Compare(whole.Data.Span, 0);
                break;
        }

        if (isSlow)
        {
            _isWaiting = true;
            Timers.StartSingleTimer(GoOn.Instance, GoOn.Instance, TimeSpan.FromMilliseconds(Random.Next(5, 200)));
        }
        else
        {
            Release();
        }
    }

    protected override void OnFailed(CommandFailed failed)
    {
    }

    protected override void OnOver(bool isClosed)
    {
        Timers.Cancel(GoOn.Instance);
        Release();
    }

    protected override void PostStop()
    {
        Release();
        base.PostStop();
    }

    private void Keep(IDisposable batch, ReadOnlySpan<byte> bytes)
    {
        Compare(bytes, _position);
        _position += bytes.Length;
        _kept.Add(batch);
    }

    private void Release()
    {
        _kept.ForEach(batch => batch.Dispose());
        _kept.Clear();
    }

    private void Compare(ReadOnlySpan<byte> bytes, long offset)
    {
        Soak.Counts.CountChecked(bytes.Length);
        if (!SharedLines.Content.AsSpan((int)offset).StartsWith(bytes))
        {
            Soak.Counts.Breach($"{Name}: {_unit} at {offset} are not what the file holds");
        }
    }

    private sealed class GoOn
    {
        public static readonly GoOn Instance = new();
    }
}
