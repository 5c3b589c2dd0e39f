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

    private static IPathCalls Calls => PathCalls.Platform;

    public static void Start(FileSystemCommand command, IActorRef client, FileEngine engine)
    {
        if (command is CopyTree or DeleteDirectory { Recursive: true })
        {
            var thread = new Thread(() => PerformFor(command, client, engine))
            {
                IsBackground = true,
                Name = "file-engine-paths",
            };
            thread.Start();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => PerformFor(command, client, engine), null);
        }
    }

    private static void PerformFor(FileSystemCommand command, IActorRef client, FileEngine engine)
    {
        if (client is IPathClient caller && !caller.TryBegin())
        {
            (command as ListMore)?.Dispose();
            return;
        }

        var answer = Perform(command);
        if (answer is CommandFailed failed)
        {
            engine.CallerMetrics.CountFailure(failed.Reason);
        }

        engine.Tell(client, answer, engine.Coordinator);
    }

    private static EngineEvent Perform(FileSystemCommand command)
    {
        try
        {
            command.Cancellation.ThrowIfCancellationRequested();
            return Dispatch(command);
        }
        catch (OperationCanceledException) when (command.Cancellation.IsCancellationRequested)
        {
            (command as ListMore)?.Dispose();
            return new CommandFailed(command, FailureReason.Cancelled, $"{Name(command)} was cancelled");
        }
        catch (SystemCallException e)
        {
            return new CommandFailed(command, CompletionDecision.ReasonOf(e.Errno), e.Message, e.Errno)
            {
                Path = command is CopyTree ? e.Path : null,
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

    private static EngineEvent Dispatch(FileSystemCommand command) => command switch
    {
        Stat stat => new StatResult(stat.Path, Calls.Stat(stat.Path, stat.FollowLinks)),
        Rename rename => PerformRename(rename),
        Delete delete => PerformDelete(delete),
        Replace replace => PerformReplace(replace),
        SetMode setMode => PerformSetMode(setMode),
        CreateDirectory create => PerformCreateDirectory(create),
        DeleteDirectory delete => PerformDeleteDirectory(delete),
        ListDirectory list => ReadEntries(list, Calls.List(list.Path)),
        ListMore more => ReadEntries(more, more.Entries),
        Copy copy => PerformCopy(copy),
        CopyTree copy => PerformCopyTree(copy),
        _ => throw new InvalidOperationException($"{Name(command)} is not a file-system command."),
    };

    // ------------------------------------------------------------------ names

    private static Renamed PerformRename(Rename rename)
    {
        Calls.Rename(rename.Path, rename.NewPath, rename.Overwrite);
        var directory = PathName.DirectoryOf(rename.NewPath);
        Calls.SyncDirectory(directory);
        if (PathName.DirectoryOf(rename.Path) is var from && from != directory)
        {
            Calls.SyncDirectory(from);
        }

        return new Renamed(rename.Path, rename.NewPath);
    }

    private static Deleted PerformDelete(Delete delete)
    {
        Calls.Delete(delete.Path);
        if (delete.Durable)
        {
            Calls.SyncDirectory(PathName.DirectoryOf(delete.Path));
        }

        return new Deleted(delete.Path);
    }

    private static ModeSet PerformSetMode(SetMode setMode)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new NotSupportedException($"{setMode.Path}: Windows has no permission bits");
        }

        File.SetUnixFileMode(setMode.Path, setMode.Mode);
        return new ModeSet(setMode.Path);
    }

    // ------------------------------------------------------------------ content

    private static Replaced PerformReplace(Replace replace)
    {
        var path = Path.GetFullPath(replace.Path);
        var temporary = PathName.TemporaryBeside(path);
        try
        {
            WriteDurably(temporary, replace, path);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        Calls.SyncDirectory(PathName.DirectoryOf(path));
        return new Replaced(replace.Path, replace.Data.Length);
    }

    private static void WriteDurably(string temporary, Replace replace, string target)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        UnixFileMode? kept = OperatingSystem.IsWindows() || !File.Exists(target) ? null : File.GetUnixFileMode(target);
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = kept ?? replace.CreateMode ?? new OpenOptions().CreateMode;
        }

        using var stream = new FileStream(temporary, options);
        if (kept is { } mode && !OperatingSystem.IsWindows())
        {
            // Whatever umask took away.
            File.SetUnixFileMode(stream.SafeFileHandle, mode);
        }

        stream.Write(replace.Data.Span);
        stream.Flush(flushToDisk: true);
    }

    private static Copied PerformCopy(Copy copy)
    {
        var copied = Calls.Copy(copy);
        if (copy.Durable)
        {
            Calls.SyncDirectory(PathName.DirectoryOf(copy.Target));
        }

        return copied;
    }

    private static TreeCopied PerformCopyTree(CopyTree copy)
    {
        if (copy.Options?.Parallelism is < 1 or > ParallelismMax)
        {
            throw new ArgumentException($"a parallelism of {copy.Options.Parallelism} is not in 1 to {ParallelismMax}");
        }

        return new TreeCopied(copy.Path, copy.Target, Calls.CopyTree(copy));
    }

    // ------------------------------------------------------------------ directories

    private static DirectoryCreated PerformCreateDirectory(CreateDirectory create)
    {
        if (Directory.Exists(create.Path))
        {
            return new DirectoryCreated(create.Path, false);
        }

        if (create.CreateMode is { } mode && !OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(create.Path, mode);
        }
        else
        {
            Directory.CreateDirectory(create.Path);
        }

        return new DirectoryCreated(create.Path, true);
    }

    private static DirectoryDeleted PerformDeleteDirectory(DeleteDirectory delete)
    {
        Directory.Delete(delete.Path, delete.Recursive);
        return new DirectoryDeleted(delete.Path);
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
