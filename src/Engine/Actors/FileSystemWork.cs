using Actors.Engine.Drivers;
using Actors.Engine.Drivers.Blocking;
using Actors.Engine.Drivers.Paths;
using Akka.Actor;

namespace Actors.Engine.Actors;

/// <summary>
/// The commands on paths rather than open files, on the thread pool; those that may take minutes on threads of their
/// own. The answer goes straight to the client, so it is given even when the coordinator has stopped meanwhile: a stop
/// does not wait for what has begun, and does not answer for it either.
/// </summary>
internal static class FileSystemWork
{
    private const int EntriesMax = 256;
    private const int ParallelismMax = 64;

    public static void Start(FileSystemCommand command, IActorRef client, FileEngine engine)
    {
        if (command is CopyTree or DeleteDirectory { Recursive: true })
        {
            var thread = new Thread(() => PerformFor(command, client, engine))
            {
                IsBackground = true,
                Name = "file-engine-paths",
            };
            try
            {
                thread.Start();
                return;
            }
            catch (OutOfMemoryException)
            {
                // The system has no thread left; the pool has some.
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(_ => PerformFor(command, client, engine), null);
    }

    private static void PerformFor(FileSystemCommand command, IActorRef client, FileEngine engine)
    {
        if (client is IPathClient caller && !caller.TryBegin())
        {
            (command as ListMore)?.Dispose();
            return;
        }

        var answer = Perform(command, engine.Calls);
        if (answer is CommandFailed failed)
        {
            engine.CallerMetrics.CountFailure(failed.Reason);
        }

        engine.Tell(client, answer, engine.Coordinator);
    }

    /// <summary>On the calling thread; the event that answers it.</summary>
    public static EngineEvent Perform(FileSystemCommand command, SystemCalls calls)
    {
        try
        {
            command.Cancellation.ThrowIfCancellationRequested();
            return Dispatch(command, PathCalls.Of(calls));
        }
        catch (OperationCanceledException) when (command.Cancellation.IsCancellationRequested)
        {
            (command as ListMore)?.Dispose();
            return new CommandFailed(command, FailureReason.Cancelled, $"{Name(command)} was cancelled");
        }
        catch (SystemCallException e)
        {
            var reason = e.IsPerformed ? FailureReason.NotDurable : CompletionDecision.ReasonOf(e.Errno);
            return new CommandFailed(command, reason, e.Message, e.Errno)
            {
                Path = command is CopyTree or DeleteDirectory ? e.Path : null,
            };
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var errno = PortableCalls.ErrnoOf(e);
            return new CommandFailed(command, CompletionDecision.ReasonOf(errno), e.Message, errno);
        }
        catch (Exception e)
        {
            return new CommandFailed(command, FailureReason.Unexpected, e.Message, Exception: e);
        }
    }

    private static EngineEvent Dispatch(FileSystemCommand command, IPathCalls calls)
    {
        switch (command)
        {
            case Stat stat:
                return new StatResult(stat.Path, calls.Stat(stat.Path, stat.FollowLinks));
            case Rename rename:
                calls.Rename(rename.Path, rename.NewPath, rename.Overwrite);
                return new Renamed(rename.Path, rename.NewPath);
            case Delete delete:
                calls.Delete(delete.Path, delete.Durable);
                return new Deleted(delete.Path);
            case Replace replace:
                calls.Replace(replace);
                return new Replaced(replace.Path, replace.Data.Length);
            case CommitReplacement commit:
                calls.Commit(commit.Temporary, commit.Path);
                return new ReplacementCommitted();
            case SetMode setMode:
                calls.SetMode(setMode.Path, setMode.Mode);
                return new ModeSet(setMode.Path);
            case CreateDirectory create:
                return new DirectoryCreated(create.Path, calls.CreateDirectory(create.Path, create.CreateMode));
            case DeleteDirectory delete:
                calls.DeleteDirectory(delete.Path, delete.Recursive);
                return new DirectoryDeleted(delete.Path);
            case ListDirectory list:
                return ReadEntries(list, calls.List(list.Path));
            case ListMore more:
                return ReadEntries(more, more.Entries);
            case Copy copy:
                return calls.Copy(copy);
            case CopyTree copy:
                return PerformCopyTree(copy, calls);
            default:
                throw new InvalidOperationException($"{Name(command)} is not a file-system command.");
        }
    }

    private static TreeCopied PerformCopyTree(CopyTree copy, IPathCalls calls)
    {
        if (copy.Options?.Parallelism is < 1 or > ParallelismMax)
        {
            throw new ArgumentException($"a parallelism of {copy.Options.Parallelism} is not in 1 to {ParallelismMax}");
        }

        return new TreeCopied(copy.Path, copy.Target, calls.CopyTree(copy));
    }

    private static DirectoryListed ReadEntries(FileSystemCommand command, IEnumerator<DirectoryEntry> entries)
    {
        try
        {
            var read = new List<DirectoryEntry>();
            while (read.Count < EntriesMax)
            {
                if (!entries.MoveNext())
                {
                    entries.Dispose();
                    return new DirectoryListed(command.Path, read, null);
                }

                read.Add(entries.Current);
            }

            return new DirectoryListed(command.Path, read, new ListMore(command.Path, entries));
        }
        catch
        {
            entries.Dispose();
            throw;
        }
    }

    private static string Name(FileSystemCommand command) => $"{command.GetType().Name} of {command.Path}";
}
