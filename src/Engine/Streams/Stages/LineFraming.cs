using Akka.Streams;
using Akka.Streams.Stage;

namespace Actors.Engine.Streams.Stages;

/// <summary>Chunks into lines. A line that lies within a chunk is a slice of it; one that does not is put together in
/// memory of its own. An empty chunk says that the file begins anew. Materializes the bytes of the lines that were passed on,
/// with their ends.</summary>
/// <typeparam name="TLine">What a line is passed on as.</typeparam>
/// <param name="path">Of the file, for the failure.</param>
/// <param name="lineSizeMax">Bytes.</param>
/// <param name="completeOnly">Leaves out what follows the last line end.</param>
/// <param name="create">Makes it.</param>
internal sealed class LineFraming<TLine>(
    string path, int lineSizeMax, bool completeOnly, Func<ReadOnlyMemory<byte>, TLine> create)
    : GraphStageWithMaterializedValue<FlowShape<ReadOnlyMemory<byte>, TLine>, Task<long>>
{
    private readonly Inlet<ReadOnlyMemory<byte>> _in = new("Lines.in");
    private readonly Outlet<TLine> _out = new("Lines.out");

    public override FlowShape<ReadOnlyMemory<byte>, TLine> Shape => new(_in, _out);

    protected override Attributes InitialAttributes { get; } = Attributes.CreateName("engineLines");

    public override ILogicAndMaterializedValue<Task<long>> CreateLogicAndMaterializedValue(
        Attributes inheritedAttributes)
    {
        var logic = new Logic(this, path, lineSizeMax, completeOnly, create);
        return new LogicAndMaterializedValue<Task<long>>(logic, logic.Passed);
    }

    private sealed class Logic : InAndOutGraphStageLogic
    {
        private readonly Inlet<ReadOnlyMemory<byte>> _in;
        private readonly Outlet<TLine> _out;
        private readonly string _path;
        private readonly int _lineSizeMax;
        private readonly bool _completeOnly;
        private readonly Func<ReadOnlyMemory<byte>, TLine> _create;
        private readonly TaskCompletionSource<long> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ReadOnlyMemory<byte> _rest;
        private byte[] _begun = [];
        private int _begunLength;
        private bool _hasFirst;
        private long _passed;

        public Logic(
            LineFraming<TLine> stage, string path, int lineSizeMax, bool completeOnly,
            Func<ReadOnlyMemory<byte>, TLine> create)
            : base(stage.Shape)
        {
            _in = stage._in;
            _out = stage._out;
            _path = path;
            _lineSizeMax = lineSizeMax;
            _completeOnly = completeOnly;
            _create = create;
            SetHandlers(_in, _out, this);
        }

        public Task<long> Passed => _told.Task;

        public override void OnPush()
        {
            _rest = Grab(_in);
            if (_rest.IsEmpty)
            {
                _begunLength = 0;
                _hasFirst = false;
            }

            PushNext();
        }

        public override void OnPull() => PushNext();

        public override void OnUpstreamFinish()
        {
            if (IsAvailable(_out))
            {
                PushNext();
            }
        }

        public override void PostStop() => _told.TrySetResult(_passed);

        private void PushNext()
        {
            var end = _rest.Span.IndexOf((byte)'\n');
            var length = _begunLength + (end < 0 ? _rest.Length : end);
            if (length > _lineSizeMax)
            {
                FailStage(new FileEngineException(
                    _path, FailureReason.LineTooLong, $"a line of {_path} is longer than {_lineSizeMax} bytes"));
            }
            else if (end >= 0)
            {
                _passed += length + 1;
                var line = Complete(_rest[..end]);
                _rest = _rest[(end + 1)..];
                Push(_out, _create(line.Length > 0 && line.Span[^1] == (byte)'\r' ? line[..^1] : line));
            }
            else
            {
                KeepRest();
                PullOrFinish();
            }
        }

        private void PullOrFinish()
        {
            if (!IsClosed(_in))
            {
                Pull(_in);
                return;
            }

            if (_begunLength > 0 && !_completeOnly)
            {
                _passed += _begunLength;
                if (Complete(default) is { IsEmpty: false } last)
                {
                    Push(_out, _create(last));
                }
            }

            CompleteStage();
        }

        private ReadOnlyMemory<byte> Complete(ReadOnlyMemory<byte> tail)
        {
            var line = tail;
            if (_begunLength > 0)
            {
                var whole = GC.AllocateUninitializedArray<byte>(_begunLength + tail.Length);
                _begun.AsSpan(0, _begunLength).CopyTo(whole);
                tail.Span.CopyTo(whole.AsSpan(_begunLength));
                _begunLength = 0;
                line = whole;
            }

            var skipsMark = !_hasFirst && line.Span.StartsWith("\uFEFF"u8);
            _hasFirst = true;
            return skipsMark ? line[3..] : line;
        }

        private void KeepRest()
        {
            var needed = _begunLength + _rest.Length;
            if (needed > _begun.Length)
            {
                Array.Resize(ref _begun, Math.Max(needed, Math.Min(_begun.Length * 2, _lineSizeMax)));
            }

            _rest.CopyTo(_begun.AsMemory(_begunLength));
            _begunLength = needed;
            _rest = default;
        }
    }
}
