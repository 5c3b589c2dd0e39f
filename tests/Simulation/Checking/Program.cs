using Actors.Engine;
using Actors.Engine.Actors;
using Akka.Actor;

namespace Actors.Simulation.Checking;

/// <summary>What the clients of a run do: drawn by lot, one action at a time, kept to what the model can follow.</summary>
/// <remarks>
/// A journal starts with a region of cells, which positional writes go to, each cell with at most one write under way;
/// behind it come appends. Text files are there from the start and only read.
/// </remarks>
internal sealed class Program
{
    private const int CellSize = 64;
    private const int Cells = 32;
    private const int Region = Cells * CellSize;

    private readonly World _world;
    private readonly List<FileModel> _journals = [];
    private readonly FileModel _text;
    private readonly Client[] _guests;
    private int _clients;
    private long _token;

    public Program(World world)
    {
        _world = world;
        for (var i = 0; i < world.Plan.Journals; i++)
        {
            _journals.Add(world.CreateFile($"journal-{i}", default));
        }

        _text = world.CreateFile("text", Lines());
        _guests = [world.CreateClient("guest-0"), world.CreateClient("guest-1")];
    }

    private Random Random => _world.Random;

    private IEnumerable<Handle> Open => _world.Handles.Where(handle => !handle.IsEnding);

    public void Act()
    {
        var handle = Pick(Open);
        switch (Random.Next(100))
        {
            case < 6:
                SendOpen();
                break;
            case < 9:
                ReleaseBuffers();
                break;
            case < 11 when _world.Plan.Violence:
                RestartBackend();
                break;
            case < 12:
                SendToEngine(new CollectMetrics(Random.Next(2) == 0), _world.Engine.Metrics);
                break;
            case < 14 when handle is not null:
                End(handle);
                break;
            case < 15 when handle is not null && _world.Plan.Violence:
                Destroy(handle);
                break;
            case < 20 when handle is not null:
                SendCancel(handle);
                break;
            case < 22 when handle is not null:
                SendNonsense(handle);
                break;
            default:
                if (handle is not null)
                {
                    Work(handle);
                }

                break;
        }
    }

    /// <summary>A close to every file that is open.</summary>
    public void CloseAll()
    {
        foreach (var handle in Open.ToArray())
        {
            handle.IsEnding = true;
            Send(handle, handle.Opener, new Close());
        }
    }

    public void SendToEngine(EngineCommand command, IActorRef target) =>
        _world.Send(new Sent(command, NewClient(), null), target);

    /// <summary>To a file, whatever has become of it.</summary>
    public void SendLate(Handle handle) => Send(handle, handle.Opener, new StatFile(++_token));

    public void ReleaseBuffers()
    {
        foreach (var buffer in _world.Held)
        {
            buffer.Dispose();
        }

        _world.Held.Clear();
    }

    // ------------------------------------------------------------------ opening, ending

    private void SendOpen()
    {
        var file = Random.Next(3) == 0 ? _text : Pick(_journals)!;
        var mode = file == _text || Random.Next(5) == 0
            ? OpenMode.Read
            : Pick([OpenMode.ReadWrite, OpenMode.ReadWrite, OpenMode.Append, OpenMode.Write, OpenMode.ReadWriteTruncate,
                OpenMode.CreateNew, OpenMode.ReadWriteExisting])!;
        var options = new OpenOptions
        {
            Coalesce = Random.Next(2) == 0,
            Acknowledge = (AcknowledgeMode)Random.Next(2),
            Durability = Random.Next(3) == 0 ? (Durability)Random.Next(1, 3) : Durability.None,
            InFlight = Random.Next(3) == 0 ? Random.Next(1, 5) : null,
            OperationTimeout = Random.Next(4) == 0 ? TimeSpan.FromMilliseconds(Random.Next(1, 50)) : null,
        };
        var client = NewClient();
        if (mode.Truncates())
        {
            file.SendEmptyingOpen();
        }

        var open = new Open(file.Path, mode, options);
        var sent = new Sent(open, client, null)
        {
            WasThere = _world.Disk.Find(file.Path) is not null,
        };
        _world.Send(sent, _world.Engine.Coordinator);
    }

    private void End(Handle handle)
    {
        handle.IsEnding = true;
        Send(handle, AnyClient(handle), Random.Next(3) == 0 ? new Abort() : new Close());
    }

    private void Destroy(Handle handle)
    {
        _world.Note($"! {handle.Model.Path}");
        handle.MayBeStopped = true;
        switch (Random.Next(5))
        {
            case 0:
                handle.IsEnding = true;
                handle.File.Tell(PoisonPill.Instance, ActorRefs.NoSender);
                break;
            case 1:
                handle.IsEnding = true;
                handle.File.Tell(Kill.Instance, ActorRefs.NoSender);
                break;
            case 2:
                handle.IsEnding = true;
                ((IInternalActorRef)handle.File).Stop();
                break;
            case 3:
                if (handle.Mode.CanWrite())
                {
                    Send(handle, handle.Opener, new Write(new PoisonedMemory(10).Memory, Write.Append, ++_token));
                }

                break;
            default:
                // As by a defect: the actor is told that its own submission did not get in.
                handle.MayCrash = handle.IsEnding = true;
                handle.File.Tell(new SubmitRefused(null!, FailureReason.MailboxFull), ActorRefs.NoSender);
                break;
        }
    }

    private void RestartBackend()
    {
        var shard = Random.Next(_world.Plan.Shards);
        _world.Note($"! backend of shard {shard}");

        // There is no such operation.
        _world.ActorOf($"shard-{shard}/backend").Tell(new CancelOperation(null!, 0), ActorRefs.NoSender);
    }

    // ------------------------------------------------------------------ work on a file

    private void Work(Handle handle)
    {
        // Now and then somebody who does not mind the credits.
        for (var n = Random.Next(20) == 0 ? 3 * _world.Plan.Credits : Random.Next(1, 4); n > 0; n--)
        {
            var command = handle.Mode.CanWrite() ? DrawForWriter(handle) : DrawForReader(handle);
            if (command is not null && (n > 3 || handle.HasCredit(command.QueuedBytes)))
            {
                Send(handle, command is Demand ? handle.Opener : AnyClient(handle), command);
            }
        }
    }

    private FileCommand? DrawForWriter(Handle handle)
    {
        switch (Random.Next(20))
        {
            case < 9:
                var size = Random.Next(8) switch { 0 => Random.Next(4097, 9000), 1 => 0, _ => Random.Next(1, 300) };
                return new Write(Bytes(IsEmptyFor(handle) ? Region : size), Write.Append, ++_token);
            case < 13:
                return DrawPositional(handle);
            case < 15:
                return new Sync((SyncScope)Random.Next(2), ++_token);
            case < 18 when handle.Mode.CanRead():
                return DrawRead(handle.Model);
            case < 19:
                return new Allocate(Random.Next(1000), Random.Next(1, 10_000), ++_token);
            default:
                return handle.Model.IsLengthKnown && handle.Model.Length >= Region && Random.Next(2) == 0
                    ? new Truncate(Random.Next(Region, handle.Model.Length + 500), ++_token)
                    : new StatFile(++_token);
        }
    }

    private FileCommand? DrawForReader(Handle handle) => Random.Next(8) switch
    {
        < 4 when handle.Model == _text => new Demand(
            Random.Next(1, 4), handle.Opener.Name[^1] % 2 == 0 ? DemandUnit.Lines : DemandUnit.Chunks, ++_token),
        4 when handle.Model == _text => new ReadAll(++_token),
        5 => new StatFile(++_token),
        _ => DrawRead(handle.Model),
    };

    private Read DrawRead(FileModel file) =>
        new(Random.Next(file.Length + 100), new byte[Random.Next(1, 2000)], ++_token);

    /// <summary>To cells that no write is on its way to, once the region is there.</summary>
    private Write? DrawPositional(Handle handle)
    {
        var file = handle.Model;
        var first = Random.Next(Cells);
        var count = Random.Next(1, Math.Min(4, Cells - first) + 1);
        var (from, to) = (first * CellSize, (first + count) * CellSize);
        var taken = file.Uncommitted.Any(sent => sent.Command is Write { Offset: >= 0 } other
            && other.Offset < to && other.Offset + other.Data.Length > from);
        return taken || !file.IsLengthKnown || file.Length < Region ? null : new Write(Bytes(to - from), from, ++_token);
    }

    /// <summary>True as long as nothing was sent that would make the region.</summary>
    private static bool IsEmptyFor(Handle handle) =>
        handle.Model.Length == 0 && !handle.Model.Uncommitted.Any(sent => sent.Command is Write);

    private void SendCancel(Handle handle)
    {
        var sent = Pick(handle.Unanswered.Where(sent => Client.TokenOf((FileCommand)sent.Command) != 0));
        if (sent is not null && handle.HasCredit(0))
        {
            sent.IsCancelled = true;
            Send(handle, sent.Client, new Cancel(Client.TokenOf((FileCommand)sent.Command)));
        }
    }

    private void SendNonsense(Handle handle)
    {
        FileCommand command = Random.Next(4) switch
        {
            0 => new Write(Bytes(10), -2 - Random.Next(5), ++_token),
            1 => new Read(-1 - Random.Next(5), new byte[10], ++_token),
            2 => new Cancel(1_000_000 + ++_token),
            _ => handle.Mode.CanWrite() ? new ReadAll(++_token) : new Sync(SyncScope.Data, ++_token),
        };
        if (handle.HasCredit(command.QueuedBytes))
        {
            Send(handle, handle.Opener, command);
        }
    }

    private void Send(Handle handle, Client client, FileCommand command)
    {
        var read = command as Read;
        var sent = new Sent(command, client, handle)
        {
            IsOverCredit = !handle.HasCredit(command.QueuedBytes),
            Expected = read is null ? null : handle.Model.Expect(read.Offset, read.Destination.Length),
            Version = handle.Model.Version,
        };
        if (command is Write or Truncate or Sync && handle.Mode.CanWrite())
        {
            handle.Model.Send(sent);
        }

        _world.Send(sent, handle.File);
    }

    // ------------------------------------------------------------------ lots

    private Client NewClient() => _world.CreateClient($"client-{++_clients}");

    private Client AnyClient(Handle handle) => Random.Next(3) == 0 ? Pick(_guests)! : handle.Opener;

    private T? Pick<T>(IEnumerable<T> from)
    {
        var all = from.ToArray();
        return all.Length == 0 ? default : all[Random.Next(all.Length)];
    }

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        Random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Lines()
    {
        var bytes = Bytes(Random.Next(30_000));
        for (var at = Random.Next(100); at < bytes.Length; at += 1 + Random.Next(400))
        {
            bytes[at] = (byte)'\n';
        }

        return bytes;
    }
}
