# Digit Lab as a container. docs/hosting.md says how it is meant; compose.yaml puts nginx in front of it.
FROM python:3.11.14-slim-bookworm

# What visitors train belongs to this user. Hugging Face Spaces want this number.
RUN useradd --create-home --uid 1000 lab
WORKDIR /app

# An index with builds of torch for the processor alone, as pytorch.org names it, saves some gigabytes of CUDA.
ARG TORCH_INDEX=""
COPY requirements.txt requirements-s3.txt ./
RUN grep -o '^torch==[^ ]*' requirements.txt > torch.txt \
    && pip install --no-cache-dir ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} -r torch.txt \
    && pip install --no-cache-dir -r requirements.txt -r requirements-s3.txt

COPY --chown=lab app.py serve.py ./
COPY --chown=lab .streamlit .streamlit
COPY --chown=lab data data
COPY --chown=lab core core
COPY --chown=lab ui ui
COPY --chown=lab pages pages
COPY --chown=lab serving serving
# A volume that is new is filled with what the image has here: the runs that come trained.
COPY --chown=lab cached_weights cached_weights
RUN chown lab /app/cached_weights
VOLUME /app/cached_weights

USER lab
ENV PORT=8501 STREAMLIT_SERVER_ADDRESS=0.0.0.0 DIGIT_LAB_LOG=json PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-m", "serving.alive"]
CMD ["sh", "-c", "exec streamlit run serve.py --server.port $PORT"]
