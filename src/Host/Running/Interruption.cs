using System.Globalization;
using System.Runtime.InteropServices;

namespace Actors.Host.Running;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP: the first asks the run to drain and report, a second ends the process at once. Whoever
/// ignores SIGHUP when the process begins, as nohup(1) does, has it ignored.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // Some who pass a signal on send it twice: timeout(1) to the process and to its group.
    private static readonly TimeSpan Echo = TimeSpan.FromMilliseconds(300);

    private readonly CancellationTokenSource _requested = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action _beforeExit;
    private readonly TimeProvider _clock;
    private int _exitCode;
    private long _firstSignal;

    /// <summary>One that only <see cref="Request"/> triggers.</summary>
    /// <param name="beforeExit">Called when a second signal ends the process, to leave the terminal usable.</param>
    /// <param name="clock">Tells a second signal from an echo of the first.</param>
    public Interruption(Action? beforeExit = null, TimeProvider? clock = null)
    {
        _beforeExit = beforeExit ?? (() => { });
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Cancelled by the first request.</summary>
    public CancellationToken Token => _requested.Token;

    /// <summary>True after the first request.</summary>
    public bool IsRequested => Volatile.Read(ref _exitCode) != 0;

    /// <summary>129, 130 or 143 after a request, by convention 128 and the number of the signal; otherwise 0.</summary>
    public int ExitCode => Volatile.Read(ref _exitCode);

    /// <summary>Begins to listen for the signals.</summary>
    public Interruption Listen()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        if (!IgnoresHangUp())
        {
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal));
        }

        return this;
    }

    /// <summary>Waits for work that may be left behind: the disk that it waits for may never come back.</summary>
    /// <param name="work">On other threads than the caller's.</param>
    /// <param name="patience">How long it may go on after a request.</param>
    /// <returns>False when it was not over by then.</returns>
    public async Task<bool> WaitAsync(Task work, TimeSpan patience)
    {
        var requested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = Token.Register(() => requested.TrySetResult());
        return await Task.WhenAny(work, requested.Task) == work
            || await Task.WhenAny(work, Task.Delay(patience, _clock)) == work;
    }

    /// <summary>Does work that has nothing to drain; a request ends it.</summary>
    /// <param name="work">Given what a request cancels.</param>
    /// <param name="interrupted">Called when a request came before it was done.</param>
    /// <returns>Its exit code, or that of the request.</returns>
    public async Task<int> RunAsync(Func<CancellationToken, int> work, Action interrupted)
    {
        var working = Task.Run(() => work(Token));
        try
        {
            if (await WaitAsync(working, TimeSpan.FromSeconds(1)))
            {
                return await working;
            }
        }
        catch (OperationCanceledException) when (IsRequested)
        {
            // Between two of its steps.
        }

        interrupted();
        return ExitCode;
    }

    /// <summary>Asks the run to stop; false when that was asked before.</summary>
    public bool Request(int exitCode)
    {
        if (Interlocked.CompareExchange(ref _exitCode, exitCode, 0) != 0)
        {
            return false;
        }

        _requested.Cancel();
        return true;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _requested.Dispose();
    }

    /// <summary>Takes a signal; true when it is to end the process at once.</summary>
    public bool Receive(int exitCode)
    {
        // First of all: two signals may be handled at the same time.
        var first = Interlocked.CompareExchange(ref _firstSignal, _clock.GetTimestamp(), 0);
        return !Request(exitCode) && first != 0 && _clock.GetElapsedTime(first) > Echo;
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        var exitCode = context.Signal switch
        {
            PosixSignal.SIGTERM => Commands.ExitCodes.Terminated,
            PosixSignal.SIGHUP => Commands.ExitCodes.HungUp,
            _ => Commands.ExitCodes.Interrupted,
        };
        if (Receive(exitCode))
        {
            _beforeExit();
            Environment.Exit(exitCode);
        }
    }

    // The runtime would handle it all the same.
    private static bool IgnoresHangUp()
    {
        const string Status = "/proc/self/status";
        const string Ignored = "SigIgn:";
        var line = OperatingSystem.IsLinux() && File.Exists(Status)
            ? File.ReadLines(Status).FirstOrDefault(l => l.StartsWith(Ignored, StringComparison.Ordinal))
            : null;
        return line is not null
            && (ulong.Parse(line.AsSpan(Ignored.Length).Trim(), NumberStyles.AllowHexSpecifier) & 1) != 0;
    }
}
