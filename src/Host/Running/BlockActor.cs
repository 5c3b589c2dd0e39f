using Actors.Engine;
using Actors.Host.Content;
using Actors.Host.Scenarios;
using Akka.Actor;

namespace Actors.Host.Running;

/// <summary>
/// Reads and writes blocks at their positions, several in flight, answered in any order. It visits each block once, or
/// goes on from pass to pass until the time is over; a turn reads or writes as the phase's share says.
/// </summary>
internal sealed class BlockActor : ProducerActor
{
    private readonly PhaseSettings _settings;
    private readonly BlockContent _content;
    private readonly BlockOrder _order;
    private readonly BlockMix _mix;
    private readonly long _turns;
    private readonly bool _fills;
    private BlockWindow _window = null!;
    private uint[] _payloads = [];
    private long _turn;
    private long _reads;
    private long _writesSent;
    private string? _mistake;

    public BlockActor(FileJob job)
        : base(job)
    {
        var plan = job.Plan;
        _settings = plan.Settings;
        _content = (BlockContent)plan.Content;
        _order = _settings.Pattern == AccessPattern.Random
            ? BlockOrder.Random(_content.Units, plan.Seed, job.File)
            : BlockOrder.Sequential(_content.Units);
        var readPercent = _settings.ReadPercent ?? (_settings.Operation == PhaseOperation.Read ? 100 : 0);
        _mix = new BlockMix(readPercent, plan.Seed, job.File);

        // What is not verified is written as other tools do: from a buffer filled once, with each block's header made
        // anew. Reads would spoil the buffers.
        _fills = _settings.Verify || _settings.Operation == PhaseOperation.Mixed;
        _turns = _settings.Duration is null ? _content.Units : long.MaxValue;
    }

    protected override long Reads => _reads;

    protected override string? Mistake => _mistake;

    protected override Open OpenCommand()
    {
        var mode = !_settings.Writes ? OpenMode.Read : _settings.LaysOut ? OpenMode.Write : OpenMode.ReadWrite;
        return new Open(
            Job.Plan.PathOf(Job.File),
            mode,
            new OpenOptions { Shard = Job.Shard, InFlight = _settings.InFlight, Direct = _settings.Direct == true });
    }

    protected override void OnOpened(Opened opened)
    {
        _window = new BlockWindow(Job.Plan, opened);
        if (_settings.Writes && !_fills)
        {
            FillPayloads();
        }

        for (var slot = 0; slot < _window.Slots; slot++)
        {
            SendNext(slot);
        }
    }

    protected override bool OnData(object message)
    {
        switch (message)
        {
            case DataRead read:
                OnRead(read);
                return true;
            case Written written:
                OnDone((int)written.LastToken, written.Bytes);
                return true;
            default:
                return false;
        }
    }

    protected override void OnMeasured()
    {
        base.OnMeasured();
        _reads = 0;
    }

    private void OnRead(DataRead read)
    {
        var block = read.Offset / _content.BlockSize;
        if (_settings.Verify && !_content.IsRight(Job.File, block, read.Data.Span))
        {
            _mistake ??= _content.Describe(Job.File, block, read.Data.Span);
        }

        _reads++;
        OnDone((int)read.Token, read.Data.Length);
    }

    private void OnDone(int slot, long bytes)
    {
        Unanswered--;
        Units++;
        Bytes += bytes;
        Job.Progress.Add(1);
        _window.Free(slot);
        if (MaySend && _turn < _turns)
        {
            SendNext(slot);
        }
        else
        {
            FinishWhenIdle();
        }
    }

    private void SendNext(int slot)
    {
        var block = NextBlock();
        _window.Take(slot, block);
        var buffer = _window.Buffer(slot);
        Unanswered++;
        if (_mix.IsRead(_turn++))
        {
            File.Tell(new Read(block * _content.BlockSize, buffer, slot), Me);
            return;
        }

        FillBlock(slot, block, buffer.Span);
        File.Tell(new Write(buffer, block * _content.BlockSize, slot), Me);
        if (++_writesSent % _settings.SyncEvery == 0)
        {
            Unanswered++;
            File.Tell(new Sync(SyncScope.Data), Me);
        }
    }

    // Nobody promises that two operations on one block do not mix. From the second pass on the next block may be in
    // flight still; then it is another one's turn.
    private long NextBlock()
    {
        var block = _order[_turn];
        while (_settings.Writes && _window.Holds(block))
        {
            block = _order[++_turn];
        }

        return block;
    }

    private void FillBlock(int slot, long block, Span<byte> buffer)
    {
        if (_fills)
        {
            _content.Fill(Job.File, block, buffer);
        }
        else
        {
            _content.Stamp(Job.File, block, buffer, _payloads[slot]);
        }
    }

    private void FillPayloads()
    {
        _payloads = new uint[_window.Slots];
        for (var slot = 0; slot < _payloads.Length; slot++)
        {
            var key = SplitMix.Mix(((ulong)Job.File << 32) + (ulong)slot);
            _payloads[slot] = _content.FillPayload(_window.Buffer(slot).Span, key);
        }
    }
}
