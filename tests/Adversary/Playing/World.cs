using System.Collections.Concurrent;
using Actors.Adversary.Model;
using Actors.Adversary.Neighbours;
using Actors.Adversary.Plan;
using Actors.Adversary.Report;

namespace Actors.Adversary.Playing;

/// <summary>What a program plays with: its files and what is known of them, its neighbour, and what went wrong. Lives
/// longer than an engine.</summary>
internal sealed class World(ProgramPlan plan, string directory, Neighbour? neighbour, Tally tally)
{
    private const int BreachesMax = 10;

    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<string> _breaches = new();
    private readonly ConcurrentQueue<Func<string?>> _atEnd = new();
    private readonly List<LogModel> _logs = [];
    private readonly Queue<ContentModel> _contents = new();
    private readonly List<ContentModel> _retired = [];
    private long _steps;
    private int _numbers;

    public ProgramPlan Plan => plan;

    public string Directory => directory;

    public Neighbour? Neighbour => neighbour;

    public Tally Tally => tally;

    public IReadOnlyCollection<string> Breaches => _breaches;

    /// <summary>Completes when something is wrong that would hold up the program for ever.</summary>
    public Task Broken => _broken.Task;

    /// <summary>How many steps everybody has made: the order of events, and what a stop is timed by.</summary>
    public long Now => Interlocked.Read(ref _steps);

    /// <summary>Called at each step with its number.</summary>
    public Action<long>? Stepped { get; set; }

    public long Step()
    {
        var step = Interlocked.Increment(ref _steps);
        Stepped?.Invoke(step);
        return step;
    }

    /// <summary>A number that nobody else has: of a client, a name.</summary>
    public int NextNumber() => Interlocked.Increment(ref _numbers);

    public string NewPath(string kind) => Path.Combine(directory, $"{kind}-{NextNumber()}");

    public void Breach(string what, bool isHang = false)
    {
        if (_breaches.Count < BreachesMax)
        {
            _breaches.Enqueue(what);
        }

        if (isHang)
        {
            _broken.TrySetResult();
        }
    }

    /// <summary>Notes a fault that a comparison has found.</summary>
    public void Expect(string? fault)
    {
        if (fault is not null)
        {
            Breach(fault);
        }
    }

    /// <summary>Has something compared when the engine has ended and nobody is at work.</summary>
    public void AtEnd(Func<string?> compare) => _atEnd.Enqueue(compare);

    public LogModel NewLog()
    {
        var log = new LogModel(NewPath("log")) { MayBeTorn = neighbour is not null };
        lock (_logs)
        {
            _logs.Add(log);
        }

        return log;
    }

    /// <summary>A log of this life or an earlier one; null when there is none.</summary>
    public LogModel? AnyLog(Random dice)
    {
        lock (_logs)
        {
            return _logs.Count == 0 ? null : _logs[dice.Next(_logs.Count)];
        }
    }

    /// <summary>A file that nobody else has, with content of an earlier client or none.</summary>
    public ContentModel TakeContent(Random dice)
    {
        lock (_contents)
        {
            return dice.Next(2) == 0 && _contents.TryDequeue(out var known)
                ? known
                : new ContentModel(NewPath("content"));
        }
    }

    /// <summary>A file whose client is done with it. What may still happen to it is waited for until the engine has
    /// ended.</summary>
    public void GiveBack(ContentModel content)
    {
        lock (_contents)
        {
            if (content.IsLoose)
            {
                _retired.Add(content);
            }
            else
            {
                _contents.Enqueue(content);
            }
        }
    }

    /// <summary>Compares everything with the disk. Nobody is at work.</summary>
    public void CompareAll()
    {
        foreach (var log in _logs)
        {
            Expect(log.Compare());
        }

        while (_atEnd.TryDequeue(out var compare))
        {
            Expect(compare());
        }

        foreach (var content in _contents.Concat(_retired))
        {
            Expect(content.CompareWithDisk());
        }

        foreach (var content in _retired.Where(content => File.Exists(content.Path)))
        {
            content.Set(File.ReadAllBytes(content.Path));
            _contents.Enqueue(content);
        }

        _retired.Clear();
    }
}
