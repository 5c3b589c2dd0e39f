using Actors.Engine;

namespace Actors.Reliability.Soak.Load;

/// <summary>Appends, syncs, truncates, cancels; knows by the answers what the file must hold. Some ignore their
/// credits, and must get no worse than refusals.</summary>
internal sealed class AppendUser(SoakEngine soak, int id, bool ignoresCredits) : FileUser(soak, id)
{
    private AppendModel _model = new();
    private OpenOptions _options = new();

    protected override bool IgnoresCredits => ignoresCredits;

    protected override int Budget => ignoresCredits ? 3000 : base.Budget;

    protected override Open NextOpen()
    {
        _model = new AppendModel();
        var acknowledge = Random.Next(2) == 0 ? AcknowledgeMode.Each : AcknowledgeMode.Cumulative;
        Ledger = new CommandLedger(Soak.Counts, Name, acknowledge == AcknowledgeMode.Each);
        _options = new OpenOptions
        {
            Acknowledge = acknowledge,
            Coalesce = Random.Next(4) > 0,
            Durability = Random.Next(10) switch
            {
                0 => Durability.DataSync,
                1 => Durability.Sync,
                _ => Durability.None,
            },
            OperationTimeout = Random.Next(5) == 0 ? TimeSpan.FromMilliseconds(SoakLimits.OperationTimeout) : null,
        };
        return new Open(Soak.PathOf($"append-{Id}-{Random.Next(3)}"), OpenMode.Write, _options);
    }

    protected override void OnOpened(Opened opened)
    {
    }

    protected override FileCommand Next(long token)
    {
        FileCommand command = Random.Next(4000) switch
        {
            < 80 => new Sync(Random.Next(2) == 0 ? SyncScope.Data : SyncScope.All, token),
            < 100 => new Truncate(Random.Next(20_000), token),
            < 120 => new StatFile(token),
            < 140 => new Allocate(0, 1 << 20, token),
            < 220 => new Cancel(token - Random.Next(1, 20)),
            < 221 => new Write(new PoisonedMemory().Memory, Write.Append, token),
            < 320 => new Write(SoakData.Of(Id, token, Random.Next(8_000, 40_000)), Write.Append, token),
            _ => new Write(SoakData.Of(Id, token, Random.Next(1, 800)), Write.Append, token),
        };
        _model.Sent(command);
        return command;
    }

    protected override void OnDone(FileCommand command, object answer) => _model.Done(command);

    protected override void OnFailed(CommandFailed failed) => _model.Failed(failed);

    protected override void OnOver(bool isClosed)
    {
        if (_model.IsUncertain || !isClosed)
        {
            return;
        }

        var expected = _model.Content();
        var found = System.IO.File.ReadAllBytes(Path);
        Soak.Counts.CountChecked(found.Length, wholeFile: true);
        if (!found.AsSpan().SequenceEqual(expected))
        {
            var at = found.AsSpan().CommonPrefixLength(expected);
            Soak.Counts.Breach(
                $"{Name}: {Path} differs at {at}: {found.Length} bytes, {expected.Length} by the answers, "
                + $"{_options}; failed: {_model.Failures()}");
        }
    }
}
