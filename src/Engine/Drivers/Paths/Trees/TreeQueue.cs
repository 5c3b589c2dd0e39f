using System.Runtime.Versioning;

namespace Actors.Engine.Drivers.Paths.Trees;

/// <summary>
/// What the workers of one tree have to do, newest first, so that what is open is finished before more is opened.
/// Bounded: what does not go in, a worker does at once.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TreeQueue(int workers)
{
    private const int DirectoriesMax = 4096;

    // A monitor, for the workers wait in it.
    private readonly object _gate = new();
    private readonly Stack<TreeWork> _work = new();
    private readonly int _batchesMax = workers * 4;
    private int _workers = workers;
    private int _batches;
    private int _waiting;
    private bool _ended;

    public bool TryAdd(in TreeWork work)
    {
        lock (_gate)
        {
            var isBatch = work.Records is not null;
            if (isBatch ? _batches >= _batchesMax : _work.Count >= DirectoriesMax)
            {
                return false;
            }

            Push(work, isBatch);
            return true;
        }
    }

    /// <summary>Adds a directory for which there is no other place.</summary>
    public void Add(in TreeWork work)
    {
        lock (_gate)
        {
            Push(work, false);
        }
    }

    /// <summary>Waits for work. False when there is none, and nobody left who could make any; or after the
    /// end.</summary>
    public bool TryTake(out TreeWork work)
    {
        lock (_gate)
        {
            _waiting++;
            while (!_ended && _work.Count == 0)
            {
                if (_waiting == _workers)
                {
                    End();
                    break;
                }

                Monitor.Wait(_gate);
            }

            if (_ended)
            {
                work = default;
                return false;
            }

            _waiting--;
            work = Pop();
            return true;
        }
    }

    /// <summary>Some workers will not come. Called by one that will.</summary>
    public void Lose(int count)
    {
        lock (_gate)
        {
            _workers -= count;
        }
    }

    /// <summary>Nothing more is handed out.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>What is left once no worker takes any more.</summary>
    public bool TryTakeLeftover(out TreeWork work)
    {
        lock (_gate)
        {
            work = _work.Count > 0 ? Pop() : default;
            return work.Directory is not null;
        }
    }

    private void Push(in TreeWork work, bool isBatch)
    {
        _batches += isBatch ? 1 : 0;
        _work.Push(work);
        if (_waiting > 0)
        {
            Monitor.Pulse(_gate);
        }
    }

    private TreeWork Pop()
    {
        var work = _work.Pop();
        _batches -= work.Records is null ? 0 : 1;
        return work;
    }
}
