using Actors.Engine;
using Akka.Actor;

namespace Actors.Simulation.Checking;

/// <summary>
/// Holds every answer against the commands that wait for one: it belongs to one of them, it is the first, it is of the
/// right kind and from the right sender, and what it says is so.
/// </summary>
internal sealed class AnswerChecker(World world)
{
    public void OnAnswer(Client client, object message, IActorRef sender)
    {
        world.Note($"< {client.Name} {Describe(message)}");
        switch (message)
        {
            case Opened opened:
                OnOpened(client, opened, sender);
                break;
            case CommandFailed failed:
                OnFailed(client, failed);
                break;
            case Written written:
                OnWritten(client, written, HandleOf(sender, message));
                break;
            case Chunk chunk:
                OnBatch(HandleOf(sender, message), chunk, chunk.Memory.Span, chunk.Offset);
                break;
            case LineBatch lines:
                OnBatch(HandleOf(sender, message), lines, lines.Memory.Span, null);
                break;
            case Drained drained:
                world.Answer(Oldest(client, message, sent => sent.Command is Drain), drained);
                world.Drained = drained;
                break;
            case EngineMetrics metrics:
                world.Answer(Oldest(client, message, sent => sent.Command is CollectMetrics), metrics);
                break;
            case EngineEvent answer:
                OnAnswered(client, answer, HandleOf(sender, message));
                break;
            default:
                world.Fail($"{client.Name} got {message}, which answers nothing");
                break;
        }
    }

    // Nothing that depends on the machine.
    private static string Describe(object message) => message switch
    {
        EngineMetrics => nameof(EngineMetrics),
        CommandFailed { Command: var command } failed =>
            $"{command.GetType().Name} {(command is FileCommand file ? Client.TokenOf(file) : 0)} failed: "
            + $"{failed.Reason}, errno {failed.Errno}, {failed.BytesDone} done",
        Opened opened => $"Opened {opened.Path}, {opened.Length} bytes, on {opened.Shard}",
        Chunk chunk => $"Chunk of {chunk.Memory.Length} at {chunk.Offset}",
        LineBatch lines => $"LineBatch of {lines.Memory.Length} from {lines.FirstLine}",
        FileStatResult stat => $"FileStatResult {stat.Token}",
        DataRead read => $"DataRead {read.Token}, {read.Data.Length} bytes",
        _ => $"{message}",
    };

    // ------------------------------------------------------------------ opens

    private void OnOpened(Client client, Opened opened, IActorRef sender)
    {
        var sent = Oldest(client, opened, s => s.Command is Open);
        var open = (Open)sent.Command;
        var file = world.Files.Find(f => f.Path == open.Path)!;
        var handle = new Handle(file, sender, client, open, opened);
        world.Handles.Add(handle);
        world.Answer(sent, opened);
        if (!open.Mode.CanWrite())
        {
            return;
        }

        if (!world.IsStopping && file.Writer is { HasEnded: false, MayBeStopped: false, MayCrash: false })
        {
            world.Fail($"{file.Path} was opened for writing twice");
        }

        file.Writer = handle;
        if (open.Mode.Truncates())
        {
            file.EndEmptyingOpen(sent);
        }

        world.FailIf(file.Adopt(world.ContentOf(file), world.Disk.Find(file.Path)!.FailedSyncs));
        if (opened.Length != world.ContentOf(file).Length)
        {
            world.Fail($"{opened} tells a length of {opened.Length}; there are {world.ContentOf(file).Length} bytes");
        }
    }

    // ------------------------------------------------------------------ successes

    private void OnWritten(Client client, Written written, Handle handle)
    {
        var last = handle.Unanswered.FirstOrDefault(
            sent => sent.Client == client && sent.Command is Write write && write.Token == written.LastToken);
        Sent[] covered = handle.IsCumulative && last?.Command is Write { Offset: Write.Append }
            ? [.. handle.Unanswered.Where(s => s.Client == client && s.Command is Write { Offset: Write.Append })
                .Take(written.Count)]
            : last is null ? [] : [last];
        if (covered.Length != written.Count || covered[^1] != last
            || covered.Sum(sent => ((Write)sent.Command).Data.Length) != written.Bytes)
        {
            world.Fail($"{written} to {client.Name} does not fit what is unanswered: "
                + string.Join(", ", handle.Unanswered));
        }

        foreach (var sent in covered)
        {
            world.Answer(sent, written);
        }

        Commit(handle);
    }

    private void OnAnswered(Client client, EngineEvent answer, Handle handle)
    {
        var sent = handle.Unanswered.FirstOrDefault(s => s.Client == client && Answers(answer, (FileCommand)s.Command));
        if (sent is null)
        {
            world.Fail($"{answer} to {client.Name} answers nothing that is unanswered");
        }

        world.Answer(sent!, answer);
        handle.HasEnded |= answer is Closed or Aborted;
        if (answer is DataRead read)
        {
            CheckRead(sent!, read);
        }
        else if (answer is DemandMet met)
        {
            CheckDemand(sent!, met, handle);
        }
        else if (answer is WholeFile whole && !whole.Data.Span.SequenceEqual(world.ContentOf(handle.Model)))
        {
            world.Fail($"{sent} brought {whole.Data.Length} bytes that are not the file's");
        }
        else if (answer is Cancelled { Outcome: CancelOutcome.TakenBack } cancelled
            && handle.Unanswered.Any(
                s => s.Command is not Cancel && Client.TokenOf((FileCommand)s.Command) == cancelled.Token))
        {
            world.Fail($"{sent} took back what is still unanswered");
        }

        Commit(handle);
    }

    private static bool Answers(EngineEvent answer, FileCommand command)
    {
        var token = Client.TokenOf(command);
        return answer switch
        {
            DataRead a => command is Read && a.Token == token,
            Synced a => command is Sync && a.Token == token,
            Truncated a => command is Truncate && a.Token == token,
            Allocated a => command is Allocate && a.Token == token,
            DemandMet a => command is Demand && a.Token == token,
            WholeFile a => command is ReadAll && a.Token == token,
            FileStatResult a => command is StatFile && a.Token == token,
            Cancelled a => command is Cancel && a.Token == token,
            Closed => command is Close,
            Aborted => command is Abort,
            _ => false,
        };
    }

    private void CheckRead(Sent sent, DataRead read)
    {
        var file = sent.Handle!.Model;
        var asked = (Read)sent.Command;
        if (file.Version != sent.Version)
        {
            return;
        }

        var expected = sent.Expected!;
        var sure = expected.Length;
        while (sure > 0 && expected[sure - 1] < 0)
        {
            sure--;
        }

        if (read.Data.Length < sure)
        {
            world.Fail($"{sent} at {asked.Offset} brought {read.Data.Length} bytes where {sure} are known to be");
        }

        for (var i = 0; i < sure; i++)
        {
            if (expected[i] >= 0 && read.Data.Span[i] != expected[i])
            {
                world.Fail($"{sent}: byte {asked.Offset + i} of {file.Path} is {read.Data.Span[i]}, not {expected[i]}");
            }
        }
    }

    private void CheckDemand(Sent sent, DemandMet met, Handle handle)
    {
        var asked = (Demand)sent.Command;
        var isAtEnd = handle.Position == world.ContentOf(handle.Model).Length;
        if (met.Count != handle.Batches || met.Count > asked.Count || (met.Count < asked.Count && !met.EndOfFile)
            || (met.EndOfFile && !isAtEnd))
        {
            world.Fail(
                $"{sent} for {asked.Count} was met by {met} after {handle.Batches} batches at {handle.Position}");
        }

        handle.Batches = 0;
    }

    private void OnBatch(Handle handle, IDisposable buffer, ReadOnlySpan<byte> bytes, long? offset)
    {
        world.Held.Add(buffer);
        handle.Batches++;
        var content = world.ContentOf(handle.Model);
        if ((offset is not null && offset != handle.Position)
            || !content[(int)Math.Min(handle.Position, content.Length)..].StartsWith(bytes))
        {
            world.Fail($"a batch of {bytes.Length} bytes is not what is at {handle.Position} of {handle.Model.Path}");
        }

        handle.Position += bytes.Length;
    }

    // ------------------------------------------------------------------ failures

    private void OnFailed(Client client, CommandFailed failed)
    {
        var sent = Oldest(client, failed, s => ReferenceEquals(s.Command, failed.Command));
        world.Answer(sent, failed);
        if (!IsLegal(sent, failed))
        {
            world.Fail($"{sent} failed for no reason: {failed.Reason}, {failed.Cause}");
        }

        if (sent.Command is Write write && failed.BytesDone > write.Data.Length)
        {
            world.Fail($"{sent} of {write.Data.Length} bytes failed with {failed.BytesDone} done");
        }

        if (sent.Command is Open { Mode: var mode } open && mode.Truncates())
        {
            world.Files.Find(file => file.Path == open.Path)!.EndEmptyingOpen(sent);
        }

        if (sent.Handle is { } handle)
        {
            handle.MayBeStopped |= failed.Reason == FailureReason.TimedOut;
            handle.IsPoisoned |= failed.Reason is FailureReason.SyncFailed or FailureReason.TimedOut;
            handle.IsEnding |= failed.Reason is FailureReason.Unexpected;
            var refused = failed.Reason == FailureReason.MailboxFull;
            handle.HasEnded |= failed.Reason is FailureReason.NotOpen or FailureReason.Unexpected
                || (sent.Command is Close or Abort && !refused);
            handle.IsEnding &= !(sent.Command is Close or Abort && refused);
            if (sent.Command is Demand demand
                && handle.Unanswered.All(s => s.Command is not Demand other || other.Token > demand.Token))
            {
                handle.Batches = 0;
            }

            Commit(handle);
        }
    }

    private bool IsLegal(Sent sent, CommandFailed failed)
    {
        var handle = sent.Handle;
        var disk = handle is null ? null : world.Disk.Find(handle.Model.Path);
        return failed.Reason switch
        {
            FailureReason.MailboxFull => sent.IsOverCredit,
            FailureReason.Closing => world.IsStopping || handle is { IsEnding: true },
            FailureReason.NotOpen => world.IsStopping || handle is { IsEnding: true } or { IsPoisoned: true },
            FailureReason.Cancelled => sent.IsCancelled,
            FailureReason.SyncFailed => disk is { FailedSyncs: > 0 },
            FailureReason.NoSpace => disk is { Failures: > 0 },
            FailureReason.IoError => sent.Command is Open or Close or Abort || disk is { Failures: > 0 },
            FailureReason.TimedOut => sent.Command is Open { Options.OperationTimeout: not null }
                || handle is { HasTimeout: true },
            FailureReason.Unexpected => handle is { MayCrash: true },
            FailureReason.AlreadyOpen => sent.Command is Open open && open.Mode.CanWrite(),
            FailureReason.NotFound => sent.Command is Open { Mode: OpenMode.Read or OpenMode.ReadWriteExisting } open
                && !sent.WasThere,
            FailureReason.AlreadyExists => sent.Command is Open { Mode: OpenMode.CreateNew or OpenMode.ReadWriteNew },
            FailureReason.TooManyOpenFiles => sent.Command is Open,
            FailureReason.NotSupported => handle is { Mode: var mode } && !Applies(sent.Command, mode),
            FailureReason.InvalidArgument => sent.Command is Write { Offset: < -1 } or Read { Offset: < 0 }
                || (sent.Command is Write write && PoisonedMemory.Is(write.Data)),
            _ => false,
        };
    }

    private static bool Applies(EngineCommand command, OpenMode mode) => command switch
    {
        Write or Sync or Truncate or Allocate => mode.CanWrite(),
        Read => mode.CanRead() || !mode.CanWrite(),
        Demand or ReadAll => !mode.CanWrite(),
        _ => true,
    };

    // ------------------------------------------------------------------ whose it is

    private void Commit(Handle handle) => world.FailIf(handle.Model.Commit(world.ContentOf(handle.Model)));

    private Handle HandleOf(IActorRef sender, object message)
    {
        var handle = world.Handles.Find(handle => handle.File.Equals(sender));
        if (handle is null)
        {
            world.Fail($"{message} came from {sender}, which is no open file");
        }

        return handle!;
    }

    private Sent Oldest(Client client, object message, Predicate<Sent> fits)
    {
        var sent = world.Unanswered.Find(sent => sent.Client == client && fits(sent));
        if (sent is null)
        {
            world.Fail($"{client.Name} got {message}, which answers nothing that is unanswered");
        }

        return sent!;
    }
}
